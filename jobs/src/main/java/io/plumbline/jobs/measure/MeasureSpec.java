package io.plumbline.jobs.measure;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.workload.WorkloadSource;
import java.util.Map;

/**
 * A real run as its file states it.
 *
 * @param name label of the run in the tables
 * @param model name of a model card, or a path of a card or of a Hugging Face config.json
 * @param workload where requests come from
 * @param engine who serves them, and how; read by the engine itself, in its own JVM
 * @param repeats how often the run is made
 */
public record MeasureSpec(
    String name, String model, WorkloadSource workload, ConfNode engine, int repeats) {
  public MeasureSpec {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
    if (repeats <= 0) {
      throw new IllegalArgumentException("repeats (%d) must be positive".formatted(repeats));
    }
  }

  /** Three times: one measurement says nothing of how much the next one differs. */
  public static Map<String, Object> defaultValues() {
    return Map.of("repeats", 3);
  }
}
