package io.plumbline.jobs.sweep;

import io.plumbline.simulator.PoolSpec;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What all tasks of a sweep read: it travels once to each executor.
 *
 * @param job the sweep as it was started now, by a name that no other start has
 * @param resultsDir folder of the tables
 * @param workloads by id
 * @param recording how much to keep of each run
 * @param failures how often runs that are made again broke before, by run id
 * @param folderMillis runs that are in folders of their own, and when they were written
 */
record SharedSweep(
    String job,
    String resultsDir,
    Map<String, Workload> workloads,
    SweepProfiles profiles,
    Recording recording,
    String codeVersion,
    Map<String, Integer> failures,
    Map<String, Long> folderMillis,
    PredictorPool pool)
    implements Serializable {

  /** What a predictor, and its tables, depend on. */
  private record Key(
      PredictorSpec predictor,
      Deployment deployment,
      Compatibility compatibility,
      String profileHash,
      TableLimits limits) {}

  /** Predictors of one thread, those used last. */
  static final class Predictors extends LinkedHashMap<Object, ExecutionTimePredictor> {
    private static final long serialVersionUID = 1;
    private static final int MAX = 64;

    private Predictors() {
      super(MAX, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Object, ExecutionTimePredictor> eldest) {
      return size() > MAX;
    }
  }

  /**
   * Predictors that no task is using: their tables are made once for each core of a JVM, and not
   * for each task. A predictor may keep scratch memory, so two threads never share one.
   */
  static final class PredictorPool implements Serializable {
    private static final long serialVersionUID = 1;

    private transient ConcurrentLinkedDeque<Predictors> idle = new ConcurrentLinkedDeque<>();

    Predictors take() {
      Predictors taken = idle.pollLast();
      return taken == null ? new Predictors() : taken;
    }

    void giveBack(Predictors predictors) {
      idle.addLast(predictors);
    }

    /** A copy in another JVM has none yet. */
    private Object readResolve() {
      return new PredictorPool();
    }
  }

  /** The predictors of a point by pool, made now or by an earlier point. */
  List<ExecutionTimePredictor> predictors(SweepPoint point, Workload workload, Predictors made) {
    List<ExecutionTimePredictor> predictors = new ArrayList<>();
    for (int p = 0; p < point.profileHashes().size(); p++) {
      predictors.add(predictor(point, p, workload, made));
    }
    return predictors;
  }

  private ExecutionTimePredictor predictor(
      SweepPoint point, int number, Workload workload, Predictors made) {
    SimulationSpec spec = point.spec();
    PoolSpec pool = spec.pools().get(number);
    String profileHash = point.profileHashes().get(number);
    Key key =
        new Key(
            pool.predictor(),
            pool.deployment(),
            spec.compatibility(),
            profileHash,
            Simulator.tableLimits(pool, workload));
    ExecutionTimePredictor found = made.get(key);
    if (found == null) {
      found = Simulator.predictor(spec, pool, workload, profiles.source(profileHash));
      made.put(key, found);
    }
    return found;
  }
}
