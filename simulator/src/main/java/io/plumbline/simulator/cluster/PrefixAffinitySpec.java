package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;

/**
 * The replica that has most of the prompt in its KV cache; of equals the one with the fewest
 * outstanding requests.
 *
 * @param maxImbalance a replica with more outstanding requests than this beyond the least loaded
 *     one is not considered, so that a popular prefix does not overload its replica
 */
public record PrefixAffinitySpec(int maxImbalance) implements RouterSpec {
  public PrefixAffinitySpec {
    if (maxImbalance < 0) {
      throw new IllegalArgumentException(
          "maxImbalance (%d) must not be negative".formatted(maxImbalance));
    }
  }

  /** 64 requests, SGLang's absolute threshold of balance. */
  public static PrefixAffinitySpec defaults() {
    return new PrefixAffinitySpec(64);
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    return (request, loads) -> {
      int fewest = Integer.MAX_VALUE;
      for (int replica = 0; replica < replicas; replica++) {
        fewest = Math.min(fewest, loads.outstanding(replica));
      }
      int best = -1;
      int bestTokens = -1;
      for (int replica = 0; replica < replicas; replica++) {
        int outstanding = loads.outstanding(replica);
        if (outstanding - fewest > maxImbalance) {
          continue;
        }
        int tokens = loads.cachedPromptTokens(replica, request);
        if (tokens > bestTokens
            || (tokens == bestTokens && outstanding < loads.outstanding(best))) {
          best = replica;
          bestTokens = tokens;
        }
      }
      return best;
    };
  }
}
