package io.plumbline.jobs.vidur;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.conf.YamlText;
import io.plumbline.files.vidur.VidurConfig;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.vidur.VidurRequestGenerator;
import io.plumbline.files.vidur.VidurRequestGenerator.Intervals;
import io.plumbline.files.vidur.VidurRequestGenerator.Lengths;
import io.plumbline.files.workload.WorkloadSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** Vidur's request generators as workloads, and what they leave of the random stream. */
final class WorkloadMapping {
  private final VidurConfig config;
  private final Map<String, Object> workload;
  private final IntSupplier requests;

  private WorkloadMapping(VidurConfig config, Map<String, Object> workload, IntSupplier requests) {
    this.config = config;
    this.workload = workload;
    this.requests = requests;
  }

  /** The requests that the setup generates. */
  static WorkloadMapping generated(VidurInput input, VidurPaths paths) {
    VidurConfig config = input.config();
    Map<String, Object> workload =
        config.requestGeneratorConfig() instanceof VidurRequestGenerator.Synthetic synthetic
            ? synthetic(synthetic, paths)
            : replay(
                (VidurRequestGenerator.TraceReplay) config.requestGeneratorConfig(),
                config.seed(),
                paths);
    return new WorkloadMapping(config, workload, () -> count(workload, paths));
  }

  /** Requests of a file in place of those. */
  static WorkloadMapping recorded(VidurInput input, Path requests, VidurPaths paths) {
    Map<String, Object> workload = new LinkedHashMap<>();
    workload.put("kind", "vidur_replay");
    workload.put("file", requests.toAbsolutePath().toString());
    // They have been cut already.
    workload.put("max_tokens", Integer.MAX_VALUE);
    workload.put("seed", input.config().seed());
    return new WorkloadMapping(input.config(), workload, () -> count(workload, paths));
  }

  /** The workload as a sweep file has it. */
  Map<String, Object> workload() {
    return workload;
  }

  /**
   * The random router as a sweep file has it: it goes on drawing where the generator left the
   * stream. A replay draws nothing and leaves the seed of the run.
   */
  Map<String, Object> randomRouter() {
    Map<String, Object> router = new LinkedHashMap<>();
    router.put("kind", "random");
    if (config.requestGeneratorConfig() instanceof VidurRequestGenerator.Synthetic synthetic) {
      router.put("seed", synthetic.seed());
      router.put("preceding_draws", draws(synthetic));
    } else {
      router.put("seed", config.seed());
    }
    return router;
  }

  private int draws(VidurRequestGenerator.Synthetic synthetic) {
    int perRequest = 0;
    perRequest += synthetic.intervalGeneratorConfig() instanceof Intervals.Poisson ? 1 : 0;
    perRequest += synthetic.lengthGeneratorConfig() instanceof Lengths.Uniform ? 1 : 0;
    if (perRequest == 0) {
      return 0;
    }
    if (synthetic.duration() == null && synthetic.numRequests() != null) {
      return perRequest * synthetic.numRequests();
    }
    // The request that passes the duration is drawn as well, and dropped.
    return perRequest * (requests.getAsInt() + (synthetic.duration() == null ? 0 : 1));
  }

  private static int count(Map<String, Object> workload, VidurPaths paths) {
    ConfNode node = ConfNode.parse("workload", YamlText.of(workload));
    return RecordBinder.bind(node, WorkloadSource.class).load(paths.resolver()).size();
  }

  private static Map<String, Object> synthetic(
      VidurRequestGenerator.Synthetic generator, VidurPaths paths) {
    Map<String, Object> workload = new LinkedHashMap<>();
    workload.put("kind", "vidur");
    workload.put("num_requests", generator.numRequests());
    if (generator.duration() != null) {
      workload.put("duration", generator.duration());
    }
    workload.put("seed", generator.seed());
    workload.put("arrivals", arrivals(generator.intervalGeneratorConfig(), paths));
    workload.put("lengths", lengths(generator.lengthGeneratorConfig(), paths));
    return workload;
  }

  private static Map<String, Object> arrivals(Intervals intervals, VidurPaths paths) {
    Map<String, Object> arrivals = new LinkedHashMap<>();
    if (intervals instanceof Intervals.Poisson poisson) {
      arrivals.put("kind", "poisson");
      arrivals.put("qps", poisson.qps());
    } else if (intervals instanceof Intervals.Gamma gamma) {
      arrivals.put("kind", "gamma");
      arrivals.put("qps", gamma.qps());
      arrivals.put("cv", gamma.cv());
    } else if (intervals instanceof Intervals.Trace trace) {
      arrivals.put("kind", "trace");
      arrivals.put("file", paths.named(trace.traceFile()));
      arrivals.put("start_time", trace.startTime());
      arrivals.put("end_time", trace.endTime());
      arrivals.put("time_scale_factor", trace.timeScaleFactor());
    } else {
      arrivals.put("kind", "static");
    }
    return arrivals;
  }

  private static Map<String, Object> lengths(Lengths generator, VidurPaths paths) {
    Map<String, Object> lengths = new LinkedHashMap<>();
    if (generator instanceof Lengths.Uniform uniform) {
      lengths.put("kind", "uniform");
      lengths.put("min_tokens", uniform.minTokens());
      lengths.put("max_tokens", uniform.maxTokens());
      lengths.put("prefill_to_decode_ratio", uniform.prefillToDecodeRatio());
    } else if (generator instanceof Lengths.Zipf zipf) {
      lengths.put("kind", "zipf");
      lengths.put("min_tokens", zipf.minTokens());
      lengths.put("max_tokens", zipf.maxTokens());
      lengths.put("theta", zipf.theta());
      lengths.put("prefill_to_decode_ratio", zipf.prefillToDecodeRatio());
      lengths.put("seed", zipf.seed());
    } else if (generator instanceof Lengths.Trace trace) {
      lengths.put("kind", "trace");
      lengths.put("file", paths.named(trace.traceFile()));
      lengths.put("max_tokens", trace.maxTokens());
      lengths.put("prefill_scale_factor", trace.prefillScaleFactor());
      lengths.put("decode_scale_factor", trace.decodeScaleFactor());
      lengths.put("seed", trace.seed());
    } else {
      Lengths.Fixed fixed = (Lengths.Fixed) generator;
      lengths.put("kind", "fixed");
      lengths.put("prefill_tokens", fixed.prefillTokens());
      lengths.put("decode_tokens", fixed.decodeTokens());
    }
    return lengths;
  }

  private static Map<String, Object> replay(
      VidurRequestGenerator.TraceReplay generator, long seed, VidurPaths paths) {
    Map<String, Object> workload = new LinkedHashMap<>();
    workload.put("kind", "vidur_replay");
    workload.put("file", paths.named(generator.traceFile()));
    workload.put("prefill_scale_factor", generator.prefillScaleFactor());
    workload.put("decode_scale_factor", generator.decodeScaleFactor());
    workload.put("time_scale_factor", generator.timeScaleFactor());
    workload.put("max_tokens", generator.maxTokens());
    workload.put("seed", seed);
    return workload;
  }
}
