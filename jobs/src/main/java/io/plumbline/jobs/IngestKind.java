package io.plumbline.jobs;

import io.plumbline.files.Names;
import io.plumbline.jobs.ingest.AccelSimHardwareImporter;
import io.plumbline.jobs.ingest.AccelSimImporter;
import io.plumbline.jobs.ingest.AccelSimKernelImporter;
import io.plumbline.jobs.ingest.AccelSimTunerImporter;
import io.plumbline.jobs.ingest.AiConfiguratorKernelImporter;
import io.plumbline.jobs.ingest.AiConfiguratorSiliconImporter;
import io.plumbline.jobs.ingest.AiPerfImporter;
import io.plumbline.jobs.ingest.BlisImporter;
import io.plumbline.jobs.ingest.BlisReplayImporter;
import io.plumbline.jobs.ingest.GpuKitImporter;
import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.ingest.InferencePerfImporter;
import io.plumbline.jobs.ingest.LlmCompassImporter;
import io.plumbline.jobs.ingest.LlmServingSimFiguresImporter;
import io.plumbline.jobs.ingest.LlmServingSimImporter;
import io.plumbline.jobs.ingest.LlmServingSimProfileImporter;
import io.plumbline.jobs.ingest.QpsGridImporter;
import io.plumbline.jobs.ingest.ReallmImporter;
import io.plumbline.jobs.ingest.RequestTimesImporter;
import io.plumbline.jobs.ingest.SeedRunImporter;
import io.plumbline.jobs.ingest.SplitwiseImporter;
import io.plumbline.jobs.ingest.VidurImporter;
import io.plumbline.jobs.ingest.VllmBenchImporter;
import io.plumbline.jobs.ingest.VllmLogImporter;
import io.plumbline.jobs.ingest.VllmRequestLogImporter;
import io.plumbline.jobs.ingest.VllmStepImporter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Kinds of files that can be taken in, each with its importer; docs/importing.md describes them.
 */
enum IngestKind {
  SEED_RUN("seed-run", new SeedRunImporter()),
  GPU_KIT("gpu-kit", new GpuKitImporter()),
  VLLM_REQUESTS("vllm-requests", new VllmRequestLogImporter()),
  LLMSERVINGSIM("llmservingsim", new LlmServingSimImporter()),
  LLMSERVINGSIM_PROFILE("llmservingsim-profile", new LlmServingSimProfileImporter()),
  LLMSERVINGSIM_FIGURES("llmservingsim-figures", new LlmServingSimFiguresImporter()),
  VIDUR("vidur", new VidurImporter()),
  VLLM_BENCH("vllm-bench", new VllmBenchImporter()),
  INFERENCE_PERF("inference-perf", new InferencePerfImporter()),
  AIPERF("aiperf", new AiPerfImporter()),
  QPS_GRID("qps-grid", new QpsGridImporter()),
  AICONFIGURATOR_SILICON("aiconfigurator-silicon", new AiConfiguratorSiliconImporter()),
  AICONFIGURATOR_KERNELS("aiconfigurator-kernels", new AiConfiguratorKernelImporter()),
  VLLM_STEPS("vllm-steps", new VllmStepImporter()),
  SPLITWISE("splitwise", new SplitwiseImporter()),
  LLMCOMPASS("llmcompass", new LlmCompassImporter()),
  ACCELSIM("accel-sim", new AccelSimImporter()),
  ACCELSIM_HARDWARE("accelsim-hardware", new AccelSimHardwareImporter()),
  ACCELSIM_KERNELS("accelsim-kernels", new AccelSimKernelImporter()),
  ACCELSIM_TUNER("accelsim-tuner", new AccelSimTunerImporter()),
  VLLM_LOG("vllm-log", new VllmLogImporter()),
  BLIS("blis", new BlisImporter()),
  BLIS_REPLAY("blis-replay", new BlisReplayImporter()),
  REALLM("reallm", new ReallmImporter()),
  REQUEST_TIMES("request-times", new RequestTimesImporter());

  private final String word;
  private final Importer importer;

  IngestKind(String word, Importer importer) {
    this.word = word;
    this.importer = importer;
  }

  Importer importer() {
    return importer;
  }

  /** The word on the command line; picocli lists it as well. */
  @Override
  public String toString() {
    return word;
  }

  /** Finds a kind by its word; picocli's own way would list the names of the constants as well. */
  static final class ByWord implements ITypeConverter<IngestKind> {
    @Override
    public IngestKind convert(String word) {
      List<String> words = Stream.of(values()).map(IngestKind::toString).toList();
      int kind = words.indexOf(word);
      if (kind < 0) {
        throw new TypeConversionException(
            "unknown kind %s. %s".formatted(word, Names.hint(word, words)));
      }
      return values()[kind];
    }
  }
}
