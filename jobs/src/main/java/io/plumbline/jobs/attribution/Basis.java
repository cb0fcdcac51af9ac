package io.plumbline.jobs.attribution;

import java.util.List;

/** What a request's time is split by; both sides of a comparison are split by the same. */
enum Basis {
  /** Iterations of both sides, on replicas of one stage: all five parts. */
  ITERATIONS(List.of("queueing", "prefill", "decode", "preemption", "host")),
  /** Times of requests: host and preemption are inside prefill and decode. */
  REQUESTS(List.of("queueing", "prefill", "decode")),
  /** Times of requests at a client, who does not know when they were scheduled. */
  TOKENS(List.of("first_token", "decode"));

  private final List<String> parts;

  Basis(List<String> parts) {
    this.parts = parts;
  }

  /** Parts in the order in which they come in a request's life. */
  List<String> parts() {
    return parts;
  }

  /** SQL that splits the requests in {@code attributed_request}, of both runs. */
  String sql() {
    return switch (this) {
      case ITERATIONS -> PartsSql.BY_ITERATIONS;
      case REQUESTS -> PartsSql.BY_REQUESTS;
      case TOKENS -> PartsSql.BY_TOKENS;
    };
  }
}
