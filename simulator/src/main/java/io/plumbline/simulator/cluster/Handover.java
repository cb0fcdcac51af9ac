package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.KvHold;
import io.plumbline.simulator.batching.RequestProgress;

/** A request between the end of its prefill and its first decode. */
final class Handover {
  final RequestProgress request;
  final int from;
  final int to;
  final double readySeconds;

  /** How long the last iteration of the prefill took. */
  final double iterationSeconds;

  /** Its blocks on the replica that prefilled it. */
  final KvHold hold;

  /** What is to be sent, once the receiver has room. */
  int tokens;

  double startSeconds;

  Handover(
      RequestProgress request,
      int from,
      int to,
      double readySeconds,
      double iterationSeconds,
      KvHold hold) {
    this.request = request;
    this.from = from;
    this.to = to;
    this.readySeconds = readySeconds;
    this.iterationSeconds = iterationSeconds;
    this.hold = hold;
  }
}
