package io.plumbline.jobs.sweep;

import io.plumbline.files.BadInputException;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.files.workload.WorkloadSource;
import io.plumbline.jobs.card.DeviceCard;
import io.plumbline.jobs.card.GpuFolder;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.card.HardwareTemplate;
import io.plumbline.jobs.card.NodeCard;
import io.plumbline.jobs.sweep.ClusterSpec.PoolTree;
import io.plumbline.simulator.PoolSpec;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.HandoverSpec;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.PoolRole;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns a point, as a file states it, into a specification and a workload: looks its cards up,
 * draws or reads its requests, and checks that these fit into its memory. Several threads may ask.
 */
public final class PointResolver {
  private static final Object NOTHING = new Object();

  private final Path modelsDir;
  private final PathResolver paths;
  private final Problems problems;
  private final Misfits misfits;
  private final HardwareCards cards;
  private final Map<Object, Object> loaded = new HashMap<>();

  /** Is told of points that say nothing wrong and yet cannot run. */
  interface Misfits {
    void add(Misfit misfit, ConfNode at, String message);
  }

  /**
   * A point that can be simulated.
   *
   * @param source where its workload comes from
   * @param pools the trees of its pools
   */
  public record Resolved(
      SimulationSpec spec, WorkloadSource source, Workload workload, List<ConfNode> pools) {}

  /**
   * A resolver for points that share cards and workloads.
   *
   * @param modelsDir folder of the cards
   * @param problems what is wrong is added to them
   */
  public PointResolver(Path modelsDir, PathResolver paths, Problems problems) {
    this(modelsDir, paths, problems, (misfit, at, message) -> problems.add(at, message));
  }

  /** The same where points that cannot run are no problems. */
  PointResolver(Path modelsDir, PathResolver paths, Problems problems, Misfits misfits) {
    this.modelsDir = modelsDir;
    this.paths = paths;
    this.problems = problems;
    this.misfits = misfits;
    this.cards = new HardwareCards(modelsDir);
  }

  /** All device and node cards there are. */
  public HardwareCards cards() {
    return cards;
  }

  /** The point of a tree without lists; null if there were problems. */
  public Resolved resolve(ConfNode tree) {
    return resolve(tree, source -> source.load(paths));
  }

  /**
   * The same with another way to a workload.
   *
   * @param load called once for points that share a source
   */
  public Resolved resolve(ConfNode tree, Function<WorkloadSource, Workload> load) {
    ConfNode stated = tree.get("cluster");
    if (stated == null || stated.kind() == ConfNode.Kind.NULL) {
      return resolve(
          tree, List.of(new PoolTree(SimulationSpec.ONLY_POOL, PoolRole.MIXED, tree)), null, load);
    }
    ClusterSpec cluster = ClusterSpec.of(stated, problems);
    List<PoolTree> trees = cluster == null ? null : cluster.trees(tree, problems);
    return trees == null ? null : resolve(tree, trees, cluster.handover(trees), load);
  }

  /** The trees of a point's pools, if the point is right. */
  List<ConfNode> poolTrees(ConfNode tree) {
    ConfNode stated = tree.get("cluster");
    return stated == null || stated.kind() == ConfNode.Kind.NULL
        ? List.of(tree)
        : ClusterSpec.of(stated, problems).trees(tree, problems).stream()
            .map(PoolTree::tree)
            .toList();
  }

  private Resolved resolve(
      ConfNode tree,
      List<PoolTree> trees,
      HandoverSpec handover,
      Function<WorkloadSource, Workload> load) {
    List<PoolSpec> pools = new ArrayList<>();
    PointSpec conf = null;
    for (PoolTree pool : trees) {
      conf = RecordBinder.bind(pool.tree(), PointSpec.class, problems);
      PoolSpec spec = conf == null ? null : pool(pool, conf);
      if (spec == null) {
        return null;
      }
      pools.add(spec);
    }
    PointSpec last = conf;
    Workload workload = once(tree.get("workload"), last.workload(), load, Misfit.WORKLOAD);
    if (workload == null) {
      return null;
    }
    SimulationSpec spec =
        attempt(
            PointResolver.at(tree, "cluster"),
            handover == null ? Misfit.MEMORY : null,
            () ->
                new SimulationSpec(
                    pools, last.router(), handover, last.compatibility(), last.timeLimitSeconds()));
    if (spec == null || !isRunnable(tree, spec, workload)) {
      return null;
    }
    for (PoolTree pool : trees) {
      SchedulerSpec scheduler = pools.get(trees.indexOf(pool)).scheduler();
      if (attempt(at(pool.tree(), "scheduler"), null, () -> batchTokens(scheduler)) == null) {
        return null;
      }
    }
    return new Resolved(
        spec, last.workload(), workload, trees.stream().map(PoolTree::tree).toList());
  }

  /** A pool of a point; null if there were problems. */
  private PoolSpec pool(PoolTree pool, PointSpec conf) {
    ModelSpec model = once(conf.model(), conf.model().toJson(), key -> model(conf.model()));
    DeviceSku device =
        once(
            conf.device(),
            new DeviceKey(conf.device().toJson(), conf.dtype()),
            key -> device(conf.device(), key.dtype()));
    NodeSku node = once(at(pool.tree(), "node"), conf.node().toJson(), key -> node(conf.node()));
    if (model == null || device == null || node == null) {
      return null;
    }
    QuantizationChoice.Resolved quantization =
        QuantizationChoice.resolve(conf.quantization(), model, problems);
    if (quantization == null) {
      return null;
    }
    return attempt(
        pool.tree(),
        Misfit.MEMORY,
        () ->
            new PoolSpec(
                pool.name(),
                pool.role(),
                new Deployment(
                    model,
                    device,
                    node,
                    new Parallelism(
                        conf.tensorParallel(), conf.pipelineParallel(), conf.expertParallel()),
                    conf.dtype(),
                    quantization.weights(),
                    conf.kvCacheDtype()),
                conf.replicas(),
                conf.scheduler(),
                conf.kvCache(),
                GpuFolder.described(HardwareTemplate.described(conf.predictor(), paths), paths)));
  }

  private record DeviceKey(String device, DataType dtype) {}

  private ModelSpec model(ConfNode stated) {
    return stated.kind() == ConfNode.Kind.MAPPING
        ? RecordBinder.bind(stated, ModelSpec.class, problems)
        : ModelCards.load(modelsDir, ModelCards.locate(modelsDir, stated.text(), paths));
  }

  private DeviceSku device(ConfNode stated, DataType dtype) {
    DeviceCard card = cards.device(stated, problems);
    return card == null ? null : card.sku(dtype);
  }

  private NodeSku node(ConfNode stated) {
    NodeCard card = cards.node(stated, problems);
    return card == null ? null : card.sku();
  }

  private static int batchTokens(SchedulerSpec scheduler) {
    // A batch has at least a token per request, so less means that the sum ran over.
    if (scheduler.maxBatchTokens() < scheduler.maxBatchSize()) {
      throw new ArithmeticException(
          "the tokens of one batch of %d requests".formatted(scheduler.maxBatchSize()));
    }
    return scheduler.maxBatchTokens();
  }

  private boolean isRunnable(ConfNode tree, SimulationSpec spec, Workload workload) {
    return attempt(
            tree,
            Misfit.MEMORY,
            () -> {
              Simulator.requireRunnable(spec, workload);
              return true;
            })
        != null;
  }

  /** The node of a key, or of the whole point where a default stands for it. */
  static ConfNode at(ConfNode tree, String key) {
    return tree.get(key) == null ? tree : tree.get(key);
  }

  private record Slot(String path, Object key) {}

  /** Why something could not be loaded, kept in its place. */
  private record Failed(String message) {}

  /** Loads what many points share once; a failure is a problem of its node, and stays one. */
  <K, V> V once(ConfNode node, K key, Function<K, V> load) {
    return once(node, key, load, null);
  }

  /**
   * The same of something without which a point may still be right.
   *
   * @param misfit null for a problem
   */
  @SuppressWarnings("unchecked")
  <K, V> V once(ConfNode node, K key, Function<K, V> load, Misfit misfit) {
    Object found = found(new Slot(node.path(), key), load, key);
    if (found instanceof Failed failed) {
      add(misfit, node, failed.message());
      return null;
    }
    return found == NOTHING ? null : (V) found;
  }

  /** A lock for all, since what is loaded may load other things: cards, profiles. */
  private <K, V> Object found(Slot slot, Function<K, V> load, K key) {
    synchronized (loaded) {
      Object found = loaded.get(slot);
      if (found == null) {
        found = loadedOrFailed(load, key);
        loaded.put(slot, found);
      }
      return found;
    }
  }

  private static <K, V> Object loadedOrFailed(Function<K, V> load, K key) {
    try {
      V value = load.apply(key);
      // A loader that gives nothing has reported its problems.
      return value == null ? NOTHING : value;
    } catch (BadInputException | IllegalArgumentException e) {
      return new Failed(e.getMessage());
    } catch (ArithmeticException e) {
      return new Failed(tooLarge(e));
    }
  }

  private <V> V attempt(ConfNode node, Misfit misfit, Supplier<V> action) {
    try {
      return action.get();
    } catch (BadInputException | IllegalArgumentException e) {
      add(misfit, node, e.getMessage());
    } catch (ArithmeticException e) {
      add(misfit, node, tooLarge(e));
    }
    return null;
  }

  private void add(Misfit misfit, ConfNode node, String message) {
    if (misfit == null) {
      problems.add(node, message);
    } else {
      misfits.add(misfit, node, message);
    }
  }

  private static String tooLarge(ArithmeticException e) {
    return "a number of tokens, or what follows from it, is too large: %s. Maybe it has too many digits."
        .formatted(e.getMessage());
  }
}
