package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import java.util.List;

/**
 * A simulator and what it should have predicted.
 *
 * @param caseName name of what was measured
 * @param simulator name of what predicted it
 * @param referenceRunIds the measured run and its repeats
 * @param simulatedRunIds the simulated run; several if seeds were repeated
 * @param fromQueue whether measured times count from the engine's queue, so that simulated ones do
 *     as well; else from the arrival
 */
public record FidelityPair(
    String caseName,
    String simulator,
    List<String> referenceRunIds,
    List<String> simulatedRunIds,
    boolean fromQueue) {

  public FidelityPair {
    referenceRunIds = List.copyOf(referenceRunIds);
    simulatedRunIds = List.copyOf(simulatedRunIds);
    if (referenceRunIds.isEmpty() || simulatedRunIds.isEmpty()) {
      throw new BadInputException(
          "case %s, simulator %s: both sides need a run".formatted(caseName, simulator));
    }
  }

  /** Both sides. */
  int runs() {
    return referenceRunIds.size() + simulatedRunIds.size();
  }
}
