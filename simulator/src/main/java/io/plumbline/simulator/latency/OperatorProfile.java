package io.plumbline.simulator.latency;

import io.plumbline.simulator.learning.Samples;
import io.plumbline.trace.Sha256;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Measured operator times of one model on one device at one tensor degree, in milliseconds unless
 * the operators say otherwise.
 *
 * @param samples what was measured of each operator, over the sizes that its enum names; an
 *     operator that is absent was not measured
 */
public record OperatorProfile(Map<Operator, Samples> samples) implements Serializable {

  public OperatorProfile {
    samples = Collections.unmodifiableMap(new LinkedHashMap<>(samples));
  }

  /**
   * What was measured of an operator that a predictor cannot do without.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  public Samples require(Operator operator) {
    Samples measured = samples.get(operator);
    if (measured == null) {
      throw new IllegalArgumentException("a profile needs %s".formatted(operator.profileName()));
    }
    return measured;
  }

  /** The same with another profile beside it, of operators that are launched by themselves. */
  public OperatorProfile withLaunched(OperatorProfile launched) {
    Map<Operator, Samples> both = new LinkedHashMap<>(samples);
    launched.samples.forEach((operator, times) -> both.put(new LaunchedOperator(operator), times));
    return new OperatorProfile(both);
  }

  /**
   * What was measured inside of CUDA graphs, or however else operators do not wait for the host.
   */
  OperatorProfile graphed() {
    Map<Operator, Samples> some = new LinkedHashMap<>(samples);
    some.keySet().removeIf(LaunchedOperator.class::isInstance);
    return new OperatorProfile(some);
  }

  /** What {@link #withLaunched} put beside it; without operators if nothing. */
  OperatorProfile launched() {
    Map<Operator, Samples> some = new LinkedHashMap<>();
    samples.forEach(
        (operator, times) -> {
          if (operator instanceof LaunchedOperator alone) {
            some.put(alone.of(), times);
          }
        });
    return new OperatorProfile(some);
  }

  /** The operators that were measured. */
  public Set<Operator> operators() {
    return samples.keySet();
  }

  /**
   * Refuses a profile that nothing can be learned from.
   *
   * @throws IllegalArgumentException naming the operator
   */
  public void requireLearnable() {
    samples.forEach(
        (operator, measured) -> {
          if (measured.rows() < 2) {
            throw new IllegalArgumentException(
                "%s has %d measured rows, but it takes at least 2 to learn from. Maybe predictor: profiled"
                    .formatted(operator.profileName(), measured.rows()));
          }
        });
  }

  /** Hash of all measurements, part of the identity of every run that uses them. */
  public String contentHash() {
    Sha256 hash = new Sha256();
    for (Operator operator : samples.keySet()) {
      hash.putText(contentHash(operator));
    }
    return hash.shortHex();
  }

  /** Hash of the measurements of one operator. */
  public String contentHash(Operator operator) {
    Samples measured = samples.get(operator);
    Sha256 hash = new Sha256().putText(operator.profileName()).putLong(measured.rows());
    for (double[] feature : measured.features()) {
      put(feature, hash);
    }
    put(measured.targets(), hash);
    return hash.shortHex();
  }

  private static void put(double[] values, Sha256 hash) {
    for (double value : values) {
      hash.putLong(Double.doubleToLongBits(value));
    }
  }

  /** Time over the one size of an operator; null if it was not measured. */
  public MeasuredCurve curve(Operator operator) {
    Samples measured = samples.get(operator);
    return measured == null ? null : new MeasuredCurve(measured.features()[0], measured.targets());
  }

  /** Attention of decodes over (requests in decode, context per request). */
  public MeasuredGrid decodeAttention() {
    Samples measured = require(AttentionOperator.DECODE);
    return new MeasuredGrid(measured.features()[0], measured.features()[1], measured.targets());
  }

  /** Attention of prefills over (chunk, context before it). */
  public MeasuredGrid prefillAttention() {
    Samples measured = require(AttentionOperator.PREFILL);
    double[] chunks = Arrays.stream(measured.features()[1]).map(Math::sqrt).toArray();
    return new MeasuredGrid(chunks, measured.features()[0], measured.targets());
  }
}
