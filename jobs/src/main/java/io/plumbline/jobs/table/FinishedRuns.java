package io.plumbline.jobs.table;

import java.util.HashSet;
import java.util.Set;

/** Ids of the simulated runs of a results folder that came to their end, whoever made them. */
public final class FinishedRuns {
  private static final String SIMULATED = "simulated";

  private FinishedRuns() {}

  /** Looks at the folder once. */
  public static Set<String> of(String resultsDir) {
    RunCatalog catalog = RunCatalog.of(new PartitionWriter(resultsDir));
    Set<String> ids = new HashSet<>();
    catalog
        .inPacks()
        .forEach(
            (key, place) -> {
              if (key.origin().equals(SIMULATED) && !place.runs().failed()) {
                ids.add(key.runId());
              }
            });
    catalog.inFolders().keySet().stream()
        .filter(key -> key.origin().equals(SIMULATED))
        .forEach(key -> ids.add(key.runId()));
    return ids;
  }
}
