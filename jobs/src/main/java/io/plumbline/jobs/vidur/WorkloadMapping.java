package io.plumbline.jobs.vidur;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.conf.YamlText;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.vidur.VidurRequestGenerator;
import io.plumbline.files.vidur.VidurRequestGenerator.Intervals;
import io.plumbline.files.vidur.VidurRequestGenerator.Lengths;
import io.plumbline.files.workload.WorkloadSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Vidur's request generators as workloads, and what they leave of the random stream. */
final class WorkloadMapping {
  private static final String GENERATOR = "request_generator_config";

  private final VidurInput input;
  private final VidurPaths paths;
  private final Problems problems;
  private final Map<String, Object> workload;

  private WorkloadMapping(VidurInput input, Path recorded, VidurPaths paths, Problems problems) {
    this.input = input;
    this.paths = paths;
    this.problems = problems;
    VidurRequestGenerator generator = input.config().requestGeneratorConfig();
    if (recorded != null) {
      this.workload = recorded(recorded);
    } else if (generator instanceof VidurRequestGenerator.Synthetic synthetic) {
      this.workload = synthetic(synthetic);
    } else {
      this.workload = replay((VidurRequestGenerator.TraceReplay) generator);
    }
  }

  /** The requests that the setup generates. */
  static WorkloadMapping generated(VidurInput input, VidurPaths paths, Problems problems) {
    return new WorkloadMapping(input, null, paths, problems);
  }

  /** Requests of a file in place of those. */
  static WorkloadMapping recorded(
      Path requests, VidurInput input, VidurPaths paths, Problems problems) {
    return new WorkloadMapping(input, requests, paths, problems);
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
    if (input.config().requestGeneratorConfig()
        instanceof VidurRequestGenerator.Synthetic synthetic) {
      router.put("seed", synthetic.seed());
      router.put("preceding_draws", draws(synthetic));
    } else {
      router.put("seed", input.config().seed());
    }
    return router;
  }

  private int draws(VidurRequestGenerator.Synthetic synthetic) {
    int perRequest = 0;
    perRequest += synthetic.intervalGeneratorConfig() instanceof Intervals.Poisson ? 1 : 0;
    perRequest += synthetic.lengthGeneratorConfig() instanceof Lengths.Uniform ? 1 : 0;
    if (perRequest == 0 || !problems.isEmpty()) {
      return 0;
    }
    if (synthetic.duration() == null && synthetic.numRequests() != null) {
      return perRequest * synthetic.numRequests();
    }
    // The request that passes the duration is drawn as well, and dropped.
    return perRequest * (count() + (synthetic.duration() == null ? 0 : 1));
  }

  private int count() {
    ConfNode node = ConfNode.parse(input.source(), YamlText.of(workload));
    WorkloadSource source = RecordBinder.bind(node, WorkloadSource.class);
    return source.load(paths.resolver()).size();
  }

  private Map<String, Object> recorded(Path requests) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", "vidur_replay");
    map.put("file", requests.toAbsolutePath().toString());
    // They have been cut already.
    map.put("max_tokens", Integer.MAX_VALUE);
    map.put("seed", input.config().seed());
    return map;
  }

  private String file(String section, String path) {
    String option = "%s: %s%s.trace_file".formatted(input.source(), GENERATOR, section);
    return paths.named(option, path, problems);
  }

  private Map<String, Object> synthetic(VidurRequestGenerator.Synthetic generator) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", "vidur");
    map.put("num_requests", generator.numRequests());
    if (generator.duration() != null) {
      map.put("duration", generator.duration());
    }
    map.put("seed", generator.seed());
    map.put("arrivals", arrivals(generator.intervalGeneratorConfig()));
    map.put("lengths", lengths(generator.lengthGeneratorConfig()));
    return map;
  }

  private Map<String, Object> arrivals(Intervals intervals) {
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
      arrivals.put("file", file(".interval_generator_config", trace.traceFile()));
      arrivals.put("start_time", trace.startTime());
      arrivals.put("end_time", trace.endTime());
      arrivals.put("time_scale_factor", trace.timeScaleFactor());
    } else {
      arrivals.put("kind", "static");
    }
    return arrivals;
  }

  private Map<String, Object> lengths(Lengths generator) {
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
      lengths.put("file", file(".length_generator_config", trace.traceFile()));
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

  private Map<String, Object> replay(VidurRequestGenerator.TraceReplay generator) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", "vidur_replay");
    map.put("file", file("", generator.traceFile()));
    map.put("prefill_scale_factor", generator.prefillScaleFactor());
    map.put("decode_scale_factor", generator.decodeScaleFactor());
    map.put("time_scale_factor", generator.timeScaleFactor());
    map.put("max_tokens", generator.maxTokens());
    map.put("seed", input.config().seed());
    return map;
  }
}
