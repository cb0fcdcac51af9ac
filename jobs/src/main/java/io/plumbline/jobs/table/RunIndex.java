package io.plumbline.jobs.table;

import io.plumbline.simulator.Recording;
import io.plumbline.trace.run.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;

/** Which simulated runs are there, for those who make them; takes no Spark session. */
public final class RunIndex {
  private static final String SIMULATED = RunRow.partitionValue(Origin.SIMULATED);

  /**
   * What is known of a run.
   *
   * @param recording how much it keeps
   * @param failures how often it broke in all; 0 if it did not
   * @param job what wrote it; null if it is in a folder of its own
   */
  public record Known(Recording recording, int failures, String job) {}

  private final Map<String, Known> byRunId = new HashMap<>();
  private final Map<String, Long> folderMillis = new HashMap<>();

  private RunIndex() {}

  /** Looks at a results folder: at its manifests, and at the rows of runs in folders. */
  public static RunIndex of(String resultsDir) {
    PartitionWriter partitions = new PartitionWriter(resultsDir);
    RunIndex index = new RunIndex();
    RunCatalog catalog = RunCatalog.of(partitions);
    catalog
        .inPacks()
        .forEach(
            (key, place) -> {
              if (key.origin().equals(SIMULATED) && place.runs().recording() != null) {
                index.byRunId.put(key.runId(), known(place));
              }
            });
    if (!catalog.inFolders().isEmpty()) {
      index.addFolders(new RunRecordings(partitions).byRunId(), catalog);
    }
    return index;
  }

  private static Known known(RunCatalog.Place place) {
    return new Known(parsed(place.runs().recording()), place.runs().attempts(), place.pack().job());
  }

  private void addFolders(Map<String, String> recordings, RunCatalog catalog) {
    catalog
        .inFolders()
        .forEach(
            (key, writtenMillis) -> {
              if (key.origin().equals(SIMULATED)) {
                folderMillis.put(key.runId(), writtenMillis);
                String recording = recordings.get(key.runId());
                if (recording == null) {
                  byRunId.remove(key.runId());
                } else {
                  byRunId.put(key.runId(), new Known(parsed(recording), 0, null));
                }
              }
            });
  }

  private static Recording parsed(String recording) {
    return Recording.valueOf(recording.toUpperCase(Locale.ROOT));
  }

  /** Null if the run is not there. */
  public Known find(String runId) {
    return byRunId.get(runId);
  }

  /** Whether a run is there, did not break, and keeps what is wanted. */
  public boolean isDone(String runId, Recording wanted) {
    Known known = byRunId.get(runId);
    return known != null && known.failures() == 0 && known.recording().compareTo(wanted) >= 0;
  }

  /**
   * When the runs that count in folders of their own were written, in ms, of those among some runs.
   */
  public Map<String, Long> folderMillis(Collection<String> runIds) {
    Map<String, Long> those = new HashMap<>(folderMillis);
    those.keySet().retainAll(new HashSet<>(runIds));
    return those;
  }
}
