package io.plumbline.simulator.metrics;

import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Collects Vidur's operation metrics. */
final class VidurOperations {
  private final ExecutionTimePredictor predictor;
  private final int layersPerStage;
  private final Map<VidurOperation, DoubleList> batches = new EnumMap<>(VidurOperation.class);
  private final Map<VidurOperation, DoubleList> ms = new EnumMap<>(VidurOperation.class);

  VidurOperations(ExecutionTimePredictor predictor, int layersPerStage) {
    this.predictor = predictor;
    this.layersPerStage = layersPerStage;
    for (VidurOperation operation : VidurOperation.values()) {
      batches.put(operation, new DoubleList());
      ms.put(operation, new DoubleList());
    }
  }

  void add(IterationInFlight iteration, int stage, double modelSeconds) {
    Map<String, Double> callMs = new HashMap<>();
    predictor.operators(
        iteration.batch(), stage, (name, oneCallMs, calls) -> callMs.put(name, oneCallMs));
    for (VidurOperation operation : VidurOperation.values()) {
      double value =
          operation == VidurOperation.MODEL_EXECUTION_E2E
              ? modelSeconds * 1e3
              : callMs.getOrDefault(operation.operator(), 0.0);
      if (value != 0 || !operation.onlyIfPresent()) {
        batches.get(operation).add(iteration.number());
        ms.get(operation).add(value);
      }
    }
  }

  VidurOperationTimes times(VidurOperation operation) {
    return new VidurOperationTimes(
        batches.get(operation).toArray(),
        ms.get(operation).toArray(),
        operation.perLayer() ? layersPerStage : 1);
  }
}
