package io.plumbline.simulator.latency;

import io.plumbline.simulator.learning.Samples;
import java.util.LinkedHashMap;
import java.util.Map;

/** Profiles of a few points. */
final class Profiles {
  private Profiles() {}

  /** Operators of one size, and attention that takes 1 ms whatever its sizes. */
  static OperatorProfile of(Map<Operator, Samples> operators) {
    Map<Operator, Samples> all = new LinkedHashMap<>(operators);
    for (AttentionOperator attention : AttentionOperator.values()) {
      all.putIfAbsent(attention, new Samples(new double[][] {{1, 2}, {1, 1}}, new double[] {1, 1}));
    }
    return new OperatorProfile(all);
  }

  /** Samples over one size: size, ms, size, ms … */
  static Samples curve(double... sizesAndMs) {
    double[] sizes = new double[sizesAndMs.length / 2];
    double[] ms = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizesAndMs[2 * i];
      ms[i] = sizesAndMs[2 * i + 1];
    }
    return new Samples(new double[][] {sizes}, ms);
  }
}
