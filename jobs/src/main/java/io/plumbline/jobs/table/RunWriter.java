package io.plumbline.jobs.table;

import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import java.util.List;
import java.util.Map;

/**
 * Writes runs into the tables, one folder per run and table, each replaced whole. The row in {@code
 * run} is removed first and written last, so its presence is the mark of a finished run.
 */
public final class RunWriter {
  private final PartitionWriter partitions;

  /**
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   */
  public RunWriter(String resultsDir) {
    this.partitions = new PartitionWriter(resultsDir);
  }

  /** Writes a run in place of an earlier one with the same origin and id. */
  public void write(RunManifest run, RunTrace trace, RunTags tags) {
    List<String> partition = partition(run.origin(), run.runId());
    partitions.remove(Table.RUN, partition);
    for (Table table : RunRows.TABLES) {
      partitions.replace(table, partition, RunRows.of(table, run, trace));
    }
    partitions.replace(Table.RUN, partition, List.of(RunRow.of(run, trace, tags)).iterator());
  }

  /** Whether a run was written to its end. */
  public boolean isFinished(Origin origin, String runId) {
    return partitions.exists(Table.RUN, partition(origin, runId));
  }

  /** What each simulated run that was written to its end has recorded, by run id. */
  public Map<String, String> recordings() {
    return new RunRecordings(partitions).byRunId();
  }

  private static List<String> partition(Origin origin, String runId) {
    return List.of(RunRow.partitionValue(origin), runId);
  }
}
