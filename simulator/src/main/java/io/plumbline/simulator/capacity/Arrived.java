package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.RequestProgress;

/** The requests of a run as far as they have come; in the order of their arrivals. */
final class Arrived {
  private final double[] arrivalSeconds;
  private final RequestProgress[] progress;
  private int count;

  Arrived(double[] arrivalSeconds) {
    this.arrivalSeconds = arrivalSeconds;
    this.progress = new RequestProgress[arrivalSeconds.length];
  }

  void arrives() {
    count++;
  }

  void scheduled(RequestProgress request) {
    progress[request.id()] = request;
  }

  /** Requests of the whole run. */
  int requests() {
    return arrivalSeconds.length;
  }

  /** Requests that have arrived. */
  int count() {
    return count;
  }

  double arrivalSeconds(int request) {
    return arrivalSeconds[request];
  }

  /** A request; null before a batch held it. */
  RequestProgress progress(int request) {
    return progress[request];
  }
}
