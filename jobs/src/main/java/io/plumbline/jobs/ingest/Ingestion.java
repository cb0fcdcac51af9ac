package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes files of one kind into the tables. All of them are read once before anything is written, so
 * that a broken line in the last one leaves the tables as they were; each run and each source is
 * then replaced whole.
 */
public final class Ingestion {
  private final String kind;
  private final Importer importer;
  private final Known known;

  /**
   * What the user says of the files.
   *
   * @param label a name; null for none
   * @param device the device, where the files name none; null if unknown
   * @param licence null if unknown
   * @param sourceUrl null if unknown
   */
  public record Known(String label, String device, String licence, String sourceUrl) {}

  /** What became of a part; the tables hold it when it is handed over. */
  public record Taken(String name, List<LoadedRun> runs, SourceRow source) {}

  /**
   * An ingestion of any number of paths.
   *
   * @param kind what the user calls the kind
   */
  public Ingestion(String kind, Importer importer, Known known) {
    this.kind = kind;
    this.importer = importer;
    this.known = known;
  }

  /** Takes in everything at or below a path, part by part. */
  public void take(Path path, String resultsDir, Consumer<Taken> report) {
    List<Part> parts = importer.parts(path);
    if (parts.isEmpty()) {
      throw new BadInputException(
          "%s holds nothing of kind %s, which is: %s. Maybe another kind is meant."
              .formatted(path, kind, importer.fileNames()));
    }
    Map<String, Part> partOfRun = new HashMap<>();
    for (Part part : parts) {
      Check check = new Check(part, partOfRun);
      importer.read(part, check);
      check.requireSomething();
    }
    for (Part part : parts) {
      report.accept(write(part, resultsDir, partOfRun.size() > 1));
    }
  }

  private Taken write(Part part, String resultsDir, boolean several) {
    String sourceId = "s" + part.contentHash();
    try (SourceWriter source = new SourceWriter(resultsDir, sourceId)) {
      Writing writing = new Writing(part, sourceId, source, resultsDir, several);
      importer.read(part, writing);
      SourceRow row = writing.sourceRow();
      if (row != null) {
        source.publish(row);
      }
      return new Taken(part.name(), writing.runs, row);
    }
  }

  /** Looks at everything and keeps nothing but counts and ids. */
  private static final class Check implements Findings {
    private final Part part;
    private final Map<String, Part> partOfRun;
    private boolean something;

    private Check(Part part, Map<String, Part> partOfRun) {
      this.part = part;
      this.partOfRun = partOfRun;
    }

    @Override
    public void run(ImportedRun run) {
      run.run().trace().requireAccountsFor(run.run().workload());
      something = true;
      Part before = partOfRun.put(run.run().manifest().runId(), part);
      if (before != null) {
        throw new BadInputException(
            "%s: a run with the same content is in %s. Maybe a file was copied."
                .formatted(part.file(), before.file()));
      }
    }

    @Override
    public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {
      something = true;
    }

    @Override
    public void summary(
        SummaryPoint point, String metric, String statistic, String unit, double value) {
      something = true;
    }

    @Override
    public void operator(OperatorTiming timing, double timeNs) {
      something = true;
    }

    @Override
    public void kernel(KernelTiming timing) {
      something = true;
    }

    @Override
    public void microbenchmark(MicrobenchmarkRow row) {
      something = true;
    }

    @Override
    public void step(EngineStepRow step) {
      something = true;
    }

    @Override
    public void gauge(GaugeReading reading) {
      something = true;
    }

    private void requireSomething() {
      if (!something) {
        throw new BadInputException("%s: nothing in it".formatted(part.file()));
      }
    }
  }

  /** Writes runs at once and the rest when the part is at its end. */
  private final class Writing implements Findings {
    private final Part part;
    private final String sourceId;
    private final SourceWriter source;
    private final String resultsDir;
    private final boolean several;
    private final List<LoadedRun> runs = new ArrayList<>();

    private Writing(
        Part part, String sourceId, SourceWriter source, String resultsDir, boolean several) {
      this.part = part;
      this.sourceId = sourceId;
      this.source = source;
      this.resultsDir = resultsDir;
      this.several = several;
    }

    @Override
    public void run(ImportedRun imported) {
      LoadedRun found = imported.run();
      LoadedRun run =
          new LoadedRun(
              found.workload(),
              found.trace(),
              found
                  .manifest()
                  .with(
                      found.manifest().device() == null ? known.device() : null,
                      known.licence(),
                      known.sourceUrl()));
      String runId = run.manifest().runId();
      // Readers come from run, so what belongs to it is in place before its row is.
      try (SourceWriter gauges = new SourceWriter(resultsDir, runId)) {
        imported.gauges().forEach(g -> gauges.write(Table.GAUGE_SAMPLE, g.row(runId)));
        gauges.publish(null);
      }
      new RunWriter(resultsDir).write(run.manifest(), run.trace(), tags(imported));
      runs.add(run);
    }

    private RunTags tags(ImportedRun imported) {
      ImportedRun.Deployment what = imported.deployment();
      return new RunTags(
          label(imported),
          what.scheduler(),
          what.predictor(),
          what.replicas(),
          what.tensorParallel(),
          what.pipelineParallel(),
          null);
    }

    /** One name for one run; of several, each adds what the source calls it. */
    private String label(ImportedRun imported) {
      if (known.label() == null || !several) {
        return known.label();
      }
      String name = imported.name() == null ? part.name() : part.name() + "/" + imported.name();
      return known.label() + "/" + name;
    }

    @Override
    public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {
      source.write(
          Table.RUN_SUMMARY, point.device(known.device()).row(sourceId, metric, statistic, value));
    }

    @Override
    public void summary(
        SummaryPoint point, String metric, String statistic, String unit, double value) {
      source.write(
          Table.RUN_SUMMARY,
          point.device(known.device()).row(sourceId, metric, statistic, unit, value));
    }

    @Override
    public void operator(OperatorTiming timing, double timeNs) {
      source.write(Table.OPERATOR_TIMING, timing.row(sourceId, timeNs));
    }

    @Override
    public void kernel(KernelTiming timing) {
      source.write(Table.KERNEL_TIMING, timing.device(known.device()).row(sourceId));
    }

    @Override
    public void microbenchmark(MicrobenchmarkRow row) {
      source.write(Table.MICROBENCHMARK, row.of(sourceId, known.device()));
    }

    @Override
    public void step(EngineStepRow step) {
      source.write(Table.ENGINE_STEP, step.of(sourceId, known.device()));
    }

    @Override
    public void gauge(GaugeReading reading) {
      source.write(Table.GAUGE_SAMPLE, reading.row(sourceId));
    }

    private SourceRow sourceRow() {
      if (source.rows() == 0) {
        return null;
      }
      return new SourceRow(
          sourceId,
          kind,
          part.name(),
          known.label(),
          known.licence(),
          known.sourceUrl(),
          source.rows(Table.RUN_SUMMARY),
          source.rows(Table.OPERATOR_TIMING),
          source.rows(Table.KERNEL_TIMING),
          source.rows(Table.MICROBENCHMARK),
          source.rows(Table.ENGINE_STEP),
          source.rows(Table.GAUGE_SAMPLE));
    }
  }
}
