package io.plumbline.jobs.sweep;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightQuantization;

/** What a point says of its weights' number format in one word. */
enum QuantizationChoice {
  /** What the model's card says. */
  AUTO,
  NONE,
  FP8,
  INT8,
  W8A16,
  W4A16,
  NVFP4,
  MXFP4;

  /**
   * How a point's weights are quantised.
   *
   * @param weights null if they are not
   */
  record Resolved(WeightQuantization weights) {}

  /** Of one word, or of a mapping that states it all; null if there were problems. */
  static Resolved resolve(ConfNode stated, ModelSpec model, Problems problems) {
    if (stated.kind() == ConfNode.Kind.MAPPING) {
      WeightQuantization weights = RecordBinder.bind(stated, WeightQuantization.class, problems);
      return weights == null ? null : new Resolved(weights);
    }
    QuantizationChoice choice = RecordBinder.bind(stated, QuantizationChoice.class, problems);
    return choice == null ? null : new Resolved(choice.of(model));
  }

  private WeightQuantization of(ModelSpec model) {
    return switch (this) {
      case AUTO -> model.quantization();
      case NONE -> null;
      case FP8, INT8, W8A16, W4A16, NVFP4, MXFP4 ->
          WeightQuantization.of(WeightFormat.valueOf(name()));
    };
  }
}
