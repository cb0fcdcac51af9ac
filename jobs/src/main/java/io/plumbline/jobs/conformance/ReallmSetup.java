package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.reallm.KernelLatencies;
import io.plumbline.files.reallm.ParallelismText;
import io.plumbline.files.reallm.ReallmConfig;
import io.plumbline.simulator.batching.PrefillPoolSpec;
import io.plumbline.simulator.batching.PrefillPoolSpec.Mode;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.reallm.AllReduce;
import io.plumbline.simulator.reallm.Degrees;
import io.plumbline.simulator.reallm.IterationTimes;
import io.plumbline.simulator.reallm.KernelKind;
import io.plumbline.simulator.reallm.KernelLibrary;
import io.plumbline.simulator.reallm.KernelTable;
import io.plumbline.simulator.reallm.KernelTimes;
import io.plumbline.simulator.reallm.ReallmModel;
import io.plumbline.simulator.reallm.ReallmModels;
import io.plumbline.simulator.reallm.RooflineKernels;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Makes of a configuration of ReaLLM what times its iterations. */
final class ReallmSetup {
  private final Path file;
  private final ReallmConfig config;

  ReallmSetup(Path file) {
    this.file = file;
    this.config = ReallmConfig.read(file);
    if (config.heterogeneous() || config.systemSim() == null) {
      throw new BadInputException(
          "%s: a recorded run has one system and a system_sim".formatted(file));
    }
  }

  ReallmConfig config() {
    return config;
  }

  /**
   * Times of iterations.
   *
   * @param libraries folders in which to look for the kernel library
   */
  IterationTimes times(List<Path> libraries) {
    ReallmModel model = model();
    Degrees degrees = degrees();
    try {
      model.requireFits(degrees);
    } catch (IllegalArgumentException e) {
      throw bad(
          "system.attention_parallelism", config.system().attentionParallelism(), e.getMessage());
    }
    return new IterationTimes(model, degrees, kernels(libraries), allReduce());
  }

  /** The scheduler, with as many requests in flight as there are. */
  SchedulerSpec scheduler(int requests) {
    ReallmConfig.SystemPart system = config.system();
    String word = system.batchingAlgo() == null ? system.batching() : system.batchingAlgo();
    Mode mode =
        switch (word == null ? "" : word) {
          case "mixed-sarathi" -> Mode.CHUNKED_MIXED;
          case "continuous" -> Mode.CONTINUOUS;
          case "mixed" -> Mode.MIXED;
          case "baseline" -> Mode.NONE;
          default ->
              throw bad(
                  "system.batching_algo",
                  word,
                  "Maybe one of: mixed-sarathi, continuous, mixed, baseline");
        };
    return new PrefillPoolSpec(
        mode, mode == Mode.CHUNKED_MIXED ? (Integer) chunkTokens() : null, requests);
  }

  private int chunkTokens() {
    ConfNode chunk = config.system().prefillChunk();
    List<ConfNode> items = chunk == null ? List.of() : List.of(chunk);
    if (chunk != null && chunk.kind() == ConfNode.Kind.SEQUENCE) {
      items = chunk.items();
    }
    if (items.size() != 1 || items.get(0).text() == null) {
      throw bad("system.prefill_chunk", String.valueOf(chunk), "must be one number of tokens");
    }
    String text = items.get(0).text();
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw bad("system.prefill_chunk", text, "must be a positive integer");
    }
    return Integer.parseInt(text);
  }

  private ReallmModel model() {
    ReallmModel model = ReallmModels.of(config.model());
    if (model == null) {
      // The original would take llama70b without a word.
      throw bad("model", config.model(), Names.hint(config.model(), ReallmModels.names()));
    }
    return model;
  }

  private Degrees degrees() {
    ReallmConfig.SystemPart system = config.system();
    if (!system.attentionParallelism().equals(system.ffnParallelism())) {
      throw bad(
          "system.ffn_parallelism",
          system.ffnParallelism(),
          "Maybe " + system.attentionParallelism() + ", as attention_parallelism is");
    }
    ParallelismText text = ParallelismText.of(system.attentionParallelism());
    Degrees degrees =
        new Degrees(text.expert(), text.tensor(), text.pipeline(), text.context(), text.data());
    if (degrees.devices() != system.numDevices()) {
      throw bad(
          "system.num_devices",
          String.valueOf(system.numDevices()),
          "Maybe %d, the product of ep, tp, pp and cp".formatted(degrees.devices()));
    }
    return degrees;
  }

  private AllReduce allReduce() {
    String word = config.system().ioAlgo();
    return switch (word) {
      case "multishot" -> AllReduce.MULTISHOT;
      case "ring" -> AllReduce.RING;
      case "2d_ring" -> AllReduce.RING_2D;
      case "" -> AllReduce.NONE;
      default ->
          throw bad(
              "system.io_algo", word, Names.hint(word, List.of("multishot", "ring", "2d_ring")));
    };
  }

  private KernelTimes kernels(List<Path> libraries) {
    String device = config.system().device();
    if (config.systemSim().simMethod().equals("roofline")) {
      HardwareSystem system = BuiltInHardware.of(device);
      if (system == null) {
        throw bad("system.device", device, Names.hint(device, BuiltInHardware.names()));
      }
      return new RooflineKernels(system.device());
    }
    for (Path folder : libraries) {
      if (KernelLatencies.find(folder, device, KernelKind.MATMUL.word()) != null) {
        return library(folder, device);
      }
    }
    throw bad(
        "system.device",
        device,
        "there is no %s_matmul_latency.csv in %s. Maybe name the folder above"
            .formatted(device, libraries));
  }

  private static KernelLibrary library(Path folder, String device) {
    Map<KernelKind, KernelTable> tables = new EnumMap<>(KernelKind.class);
    for (KernelKind kind : KernelKind.values()) {
      Path latencies = KernelLatencies.find(folder, device, kind.word());
      if (latencies != null) {
        KernelLatencies rows = KernelLatencies.read(latencies, kind.columns());
        tables.put(kind, new KernelTable(kind, rows.shapes(), rows.seconds()));
      }
    }
    return new KernelLibrary(tables);
  }

  private BadInputException bad(String key, String value, String hint) {
    return new BadInputException("%s: %s (%s): %s".formatted(file, key, value, hint));
  }
}
