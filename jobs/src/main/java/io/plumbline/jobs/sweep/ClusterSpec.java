package io.plumbline.jobs.sweep;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.simulator.cluster.HandoverSpec;
import io.plumbline.simulator.cluster.KvLinkSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.trace.run.PoolRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part {@code cluster} of a point.
 *
 * @param pools by name: what a pool does not state is the point's
 * @param decodeRouter picks the decode replica when a prefill ends
 * @param link over which keys and values go
 */
record ClusterSpec(Map<String, ConfNode> pools, RouterSpec decodeRouter, KvLinkSpec link) {
  private static final String REPLICAS = "replicas";
  private static final String ROLE = "role";

  /** What a pool may state; all else is one for the whole cluster. */
  private static final Set<String> POOL_KEYS =
      Set.of(
          ROLE,
          REPLICAS,
          "device",
          "node",
          "tensor_parallel",
          "pipeline_parallel",
          "expert_parallel",
          "scheduler",
          "kv_cache",
          "predictor");

  /**
   * One pool.
   *
   * @param tree a point of its own: the point's with what the pool states laid over it
   */
  record PoolTree(String name, PoolRole role, ConfNode tree) {}

  public ClusterSpec {
    if (pools.isEmpty()) {
      throw new IllegalArgumentException(
          "pools must not be empty. Maybe {mixed: {replicas: 2}}, or {prefill: {}, decode: {}}");
    }
  }

  /** Requests in turn over the network of the node cards. */
  public static Map<String, Object> defaultValues() {
    return Map.of("decodeRouter", RoundRobinSpec.defaults(), "link", KvLinkSpec.defaults());
  }

  /** What a point states of its cluster; null if there were problems. */
  static ClusterSpec of(ConfNode stated, Problems problems) {
    return RecordBinder.bind(stated, ClusterSpec.class, problems);
  }

  /** How requests are handed over; null if no pool prefills. */
  HandoverSpec handover(List<PoolTree> trees) {
    return trees.stream().anyMatch(pool -> pool.role() == PoolRole.PREFILL)
        ? new HandoverSpec(decodeRouter, link)
        : null;
  }

  /** The pools of a point, in the order of the file; null if there were problems. */
  List<PoolTree> trees(ConfNode point, Problems problems) {
    if (point.get(REPLICAS) != null) {
      problems.add(
          point.get(REPLICAS),
          "replicas are stated by each pool of cluster. Maybe cluster: {pools: {mixed: {replicas: %s}}}"
              .formatted(point.get(REPLICAS).toJson()));
      return null;
    }
    List<PoolTree> trees = new ArrayList<>();
    boolean right = true;
    for (Map.Entry<String, ConfNode> entry : pools.entrySet()) {
      PoolTree tree = tree(point, entry.getKey(), entry.getValue(), problems);
      right &= tree != null;
      trees.add(tree);
    }
    return right ? trees : null;
  }

  private static PoolTree tree(ConfNode point, String name, ConfNode pool, Problems problems) {
    if (pool.kind() != ConfNode.Kind.MAPPING) {
      problems.add(pool, "must be a mapping such as {replicas: 2}");
      return null;
    }
    boolean right = true;
    for (Map.Entry<String, ConfNode> entry : pool.entries().entrySet()) {
      if (!POOL_KEYS.contains(entry.getKey())) {
        problems.add(
            entry.getValue(),
            "is no key of a pool, which may state %s"
                .formatted(POOL_KEYS.stream().sorted().collect(Collectors.joining(", "))));
        right = false;
      }
    }
    ConfNode role = pool.get(ROLE);
    PoolRole found = role(role == null ? name : role.text());
    if (found == null) {
      problems.add(
          role == null ? pool : role,
          role == null
              ? "misses the key role (one of %s), which its name does not say".formatted(roles())
              : "expected one of %s, found %s".formatted(roles(), role.toJson()));
      return null;
    }
    return right
        ? new PoolTree(name, found, point.without("cluster").overlay(pool.without(ROLE)))
        : null;
  }

  private static PoolRole role(String text) {
    return Stream.of(PoolRole.values())
        .filter(role -> word(role).equals(text))
        .findFirst()
        .orElse(null);
  }

  private static String roles() {
    return Stream.of(PoolRole.values()).map(ClusterSpec::word).collect(Collectors.joining(", "));
  }

  private static String word(PoolRole role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
