package io.plumbline.trace.model;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a checkpoint's matrices are quantised.
 *
 * @param weightsPerScale weights that share a scale: the group size of GPTQ and AWQ, 16384 for
 *     blocks of 128 x 128; null for whole tensors or channels
 * @param zeroPoints whether each scale has a zero point, as wide as a weight, beside it (AWQ)
 * @param unquantized groups that keep the format of the activations
 */
public record WeightQuantization(
    WeightFormat format, Integer weightsPerScale, boolean zeroPoints, List<WeightGroup> unquantized)
    implements Serializable {

  public WeightQuantization {
    if (weightsPerScale != null) {
      ModelSpec.positive("weightsPerScale", weightsPerScale);
    }
    if (zeroPoints && weightsPerScale == null) {
      throw new IllegalArgumentException("zeroPoints need weightsPerScale");
    }
    unquantized = List.copyOf(unquantized);
  }

  /** The usual one of a format: its own scales, and all groups but the LM head. */
  public static WeightQuantization of(WeightFormat format) {
    return new WeightQuantization(
        format, format.weightsPerScale(), false, List.of(WeightGroup.LM_HEAD));
  }

  /** A card need not say what is usual. */
  public static Map<String, Object> defaultValues() {
    Map<String, Object> values = new HashMap<>();
    values.put("zeroPoints", false);
    values.put("unquantized", List.of(WeightGroup.LM_HEAD));
    return values;
  }

  /** Whether the matrices of a group are quantised. */
  public boolean covers(WeightGroup group) {
    return !unquantized.contains(group);
  }

  /** Bytes of one quantised weight with its share of scales and zero points. */
  public double bytesPerWeight() {
    int shared = format.scaleBits() + (zeroPoints ? format.bits() : 0);
    double scale = weightsPerScale == null ? 0 : (double) shared / weightsPerScale;
    return (format.bits() + scale) / 8;
  }
}
