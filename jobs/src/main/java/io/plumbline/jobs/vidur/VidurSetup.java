package io.plumbline.jobs.vidur;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.YamlText;
import io.plumbline.files.vidur.VidurConfig;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.workload.VidurSource;
import io.plumbline.jobs.sweep.PointResolver;
import io.plumbline.simulator.Recording;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A setup of Vidur as a point of Plumbline that runs as Vidur does: {@code compatibility: vidur},
 * Vidur's requests, and the numbers of models, devices and servers that Vidur has. It is a sweep
 * file like any other, which a person can see and keep.
 */
public final class VidurSetup {
  private final VidurInput input;
  private final VidurPaths paths;
  private final Map<String, Object> point;

  private VidurSetup(VidurInput input, VidurPaths paths, Map<String, Object> point) {
    this.input = input;
    this.paths = paths;
    this.point = point;
  }

  /**
   * The setup with the requests that it generates.
   *
   * @throws BadInputException naming files that are missing and names that nobody knows
   */
  public static VidurSetup of(VidurInput input, PredictorChoice predictor, VidurPaths paths) {
    Problems problems = new Problems();
    WorkloadMapping workload = WorkloadMapping.generated(input, paths, problems);
    return of(input, workload, predictor, paths, problems);
  }

  /**
   * The setup with requests that were generated before.
   *
   * @param requests CSV with {@code arrived_at} (s), {@code num_prefill_tokens} and {@code
   *     num_decode_tokens}, as Vidur draws them for this setup
   */
  public static VidurSetup replaying(
      Path requests, VidurInput input, PredictorChoice predictor, VidurPaths paths) {
    Problems problems = new Problems();
    WorkloadMapping workload = WorkloadMapping.recorded(requests, input, paths, problems);
    return of(input, workload, predictor, paths, problems);
  }

  private static VidurSetup of(
      VidurInput input,
      WorkloadMapping workload,
      PredictorChoice predictor,
      VidurPaths paths,
      Problems problems) {
    Map<String, Object> point = PointMapping.of(input, workload, predictor, paths, problems);
    problems.throwIfAny(input.source());
    return new VidurSetup(input, paths, point);
  }

  /**
   * The setup as a sweep file.
   *
   * @param name of the sweep
   */
  public String yaml(String name) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("name", name);
    file.put("record", recording().name().toLowerCase(Locale.ROOT));
    file.put("simulate", point);
    return YamlText.of(file);
  }

  /** The same, read. */
  public ConfNode sweepFile(String name) {
    return ConfNode.parse(input.source() + " as a sweep file", yaml(name));
  }

  /** As much as Vidur was asked to keep. */
  private Recording recording() {
    VidurConfig.Metrics metrics = input.config().metricsConfig();
    if (metrics.storeTokenCompletionMetrics()) {
      return Recording.TOKENS;
    }
    return metrics.keepIndividualBatchMetrics() ? Recording.ITERATIONS : Recording.REQUESTS;
  }

  /**
   * The setup as the simulator takes it, without its profiles.
   *
   * @throws BadInputException listing what cannot be simulated
   */
  public VidurSimulation simulation() {
    Problems problems = new Problems();
    PointResolver.Resolved resolved =
        new PointResolver(paths.modelsDir(), paths.resolver(), problems)
            .resolve(sweepFile("vidur").get("simulate"));
    problems.throwIfAny(input.source());
    VidurSource requests = (VidurSource) resolved.source();
    return new VidurSimulation(
        resolved.spec(), requests.requests(paths.resolver()), input.config().metricsConfig());
  }
}
