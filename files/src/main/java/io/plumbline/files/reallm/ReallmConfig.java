package io.plumbline.files.reallm;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A configuration of ReaLLM as it is, under ReaLLM's own names. Whatever only its other stages read
 * is kept as it is written.
 *
 * @param model name of one of its models
 * @param heterogeneous whether prefill and decode have systems of their own
 * @param system the devices, unless heterogeneous
 * @param prefillSystem the pool of prefills, if heterogeneous
 * @param decodeSystem the pool of decodes, if heterogeneous
 */
public record ReallmConfig(
    String model,
    String trace,
    boolean heterogeneous,
    ConfNode kernelSim,
    SystemPart system,
    SystemPart prefillSystem,
    SystemPart decodeSystem,
    SystemSim systemSim,
    ConfNode traceGen,
    String outputDir) {

  public ReallmConfig {
    if (heterogeneous && (prefillSystem == null || decodeSystem == null)) {
      throw new IllegalArgumentException(
          "heterogeneous (true) needs prefillSystem and decodeSystem. Maybe heterogeneous: false, with a system");
    }
    if (!heterogeneous && system == null) {
      throw new IllegalArgumentException(
          "heterogeneous (false) needs a system. Maybe heterogeneous: true, with prefillSystem and decodeSystem");
    }
  }

  /** What a file may leave out. */
  public static Map<String, Object> defaultValues() {
    Map<String, Object> values = new HashMap<>();
    values.put("trace", null);
    values.put("heterogeneous", false);
    values.put("kernelSim", null);
    values.put("system", null);
    values.put("prefillSystem", null);
    values.put("decodeSystem", null);
    values.put("systemSim", null);
    values.put("traceGen", null);
    values.put("outputDir", null);
    return values;
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException listing every problem with its line
   */
  public static ReallmConfig read(Path file) {
    return RecordBinder.bind(ConfNode.read(file), ReallmConfig.class);
  }

  /**
   * Devices and how work is spread over them.
   *
   * @param device name of the kernel library; null where a file names none
   * @param attentionParallelism degrees as {@code tp4_cp2}
   * @param ffnParallelism the same; others only between pools
   * @param ioAlgo collective; empty for none
   * @param batchingAlgo scheduler; {@code batching} in older files
   * @param prefillChunk a number, or a list of which each is a run of its own
   */
  public record SystemPart(
      String device,
      int numDevices,
      String ioAlgo,
      String attentionParallelism,
      String ffnParallelism,
      String batchingAlgo,
      String batching,
      ConfNode prefillChunk) {

    public SystemPart {
      if (numDevices < 1) {
        throw new IllegalArgumentException(
            "numDevices (%d) must be positive".formatted(numDevices));
      }
      ParallelismText.of(attentionParallelism);
      ParallelismText.of(ffnParallelism);
    }

    /** What a file may leave out. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = new HashMap<>();
      values.put("device", null);
      values.put("ioAlgo", "");
      values.put("batchingAlgo", null);
      values.put("batching", null);
      values.put("prefillChunk", null);
      return values;
    }
  }

  /**
   * What the system stage does.
   *
   * @param simMethod {@code llmcompass} for the kernel library, or {@code roofline}
   * @param traces a file, or a list of them
   * @param endReqs the first id of a request whose turn ends the run
   */
  public record SystemSim(
      String simMethod, ConfNode traces, ConfNode tasks, ConfNode requestRates, Integer endReqs) {

    public SystemSim {
      if (!simMethod.equals("llmcompass") && !simMethod.equals("roofline")) {
        throw new IllegalArgumentException(
            "simMethod (%s) must be llmcompass or roofline".formatted(simMethod));
      }
    }

    /** What a file may leave out. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = new HashMap<>();
      values.put("traces", null);
      values.put("tasks", null);
      values.put("requestRates", null);
      return values;
    }
  }
}
