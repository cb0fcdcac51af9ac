package io.plumbline.jobs.measure;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.workload.WorkloadSource;

/**
 * A real run as its file states it.
 *
 * @param name label of the run in the tables
 * @param model name of a model card, or a path of a card or of a Hugging Face config.json
 * @param workload where requests come from
 * @param engine options of the engine; read by the engine itself, in its own JVM
 */
public record MeasureSpec(String name, String model, WorkloadSource workload, ConfNode engine) {
  public MeasureSpec {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
  }
}
