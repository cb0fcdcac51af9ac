package io.plumbline.simulator.latency;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * Measured operator times of one model on one device at one tensor degree, in milliseconds.
 *
 * @param tokenOperators curves over tokens; an operator that is absent costs nothing
 * @param decodeAttention over (requests in decode, context per request)
 * @param prefillAttention over (chunk, context before it)
 * @param hostOperators curves over requests; empty where the host was not measured
 * @param contentHash hash of the measurements, part of the identity of every run that uses them
 */
public record OperatorProfile(
    Map<TokenOperator, MeasuredCurve> tokenOperators,
    MeasuredGrid decodeAttention,
    MeasuredGrid prefillAttention,
    Map<HostOperator, MeasuredCurve> hostOperators,
    String contentHash)
    implements Serializable {

  public OperatorProfile {
    tokenOperators = new EnumMap<>(tokenOperators);
    hostOperators = Map.copyOf(hostOperators);
  }

  /** A profile of the device alone. */
  public OperatorProfile(
      Map<TokenOperator, MeasuredCurve> tokenOperators,
      MeasuredGrid decodeAttention,
      MeasuredGrid prefillAttention,
      String contentHash) {
    this(tokenOperators, decodeAttention, prefillAttention, Map.of(), contentHash);
  }
}
