package io.plumbline.jobs.accelsim;

import io.plumbline.files.Progress;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.Table;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The runs of a file, one a task, the longest traces first; what is done is not done again. */
public final class KernelSweep {
  private final List<KernelRun> runs;
  private final List<KernelRun> todo;
  private final String resultsDir;

  /**
   * Reads a file and finds out what is left.
   *
   * @param force do everything again
   */
  public KernelSweep(Path file, PathResolver paths, String resultsDir, boolean force) {
    this.resultsDir = resultsDir;
    runs = KernelRuns.read(file, paths);
    PartitionWriter tables = new PartitionWriter(resultsDir);
    todo =
        runs.stream()
            .filter(run -> force || !tables.exists(Table.SOURCE, List.of(run.id())))
            .sorted(Comparator.comparingLong(KernelRun::weight).reversed())
            .toList();
  }

  public int size() {
    return runs.size();
  }

  public int left() {
    return todo.size();
  }

  /**
   * Does what is left.
   *
   * @return why runs gave nothing, by what they were
   */
  public Map<String, String> run(SparkSession spark) {
    if (todo.isEmpty()) {
      return Map.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    KernelMeter meter = KernelMeter.of(spark.sparkContext());
    KernelTask task = new KernelTask(resultsDir, meter);
    long bytes = Math.max(1, todo.stream().mapToLong(KernelRun::weight).sum());
    context.setJobGroup("accelsim", "%d kernels, one a task".formatted(todo.size()), true);
    Map<String, String> failures = new TreeMap<>();
    try (Progress progress =
        new Progress(
            "bytes of traces", bytes, () -> meter.bytes().sum(), () -> meter.text(todo.size()))) {
      for (KernelTask.Outcome outcome :
          context.parallelize(todo, todo.size()).map(run -> run(task, run)).collect()) {
        if (outcome.message() != null) {
          failures.put(outcome.run(), outcome.message());
        }
      }
    } finally {
      context.clearJobGroup();
    }
    return failures;
  }

  private static KernelTask.Outcome run(KernelTask task, KernelRun run) {
    TaskContext context = TaskContext.get();
    return task.run(run, context::isInterrupted);
  }
}
