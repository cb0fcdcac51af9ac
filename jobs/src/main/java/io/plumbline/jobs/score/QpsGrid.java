package io.plumbline.jobs.score;

import io.plumbline.files.Json;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.ingest.IgnoredFindings;
import io.plumbline.jobs.ingest.ImportedRun;
import io.plumbline.jobs.ingest.Part;
import io.plumbline.jobs.ingest.QpsGridImporter;
import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code ingest qps-grid} takes in: points with percentiles, of vLLM and of Vidur, and runs
 * with requests. A point whose run is there has the requests of the run. The source has some points
 * in several files; they are one point.
 *
 * @param path looked for by {@link PathResolver}
 */
record QpsGrid(String path) implements GridSource {

  @Override
  public Points read(PathResolver paths) {
    QpsGridImporter importer = new QpsGridImporter();
    Collector collector = new Collector();
    for (Part part : importer.parts(paths.resolve(path))) {
      importer.read(part, collector);
    }
    return collector.points();
  }

  /** The folder of a run, which a point has as the end of its name. */
  private static String runOf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Keeps points and the workloads of runs until all files are read. */
  private static final class Collector extends IgnoredFindings {
    private final Map<String, RunSummaryRow> rows = new LinkedHashMap<>();
    private final Map<String, Latencies> latencies = new HashMap<>();
    private final Map<String, Workload> workloads = new HashMap<>();

    @Override
    public void run(ImportedRun run) {
      String spec = run.run().manifest().specJson();
      String folder = runOf(Json.parseTree("spec", spec).path("path").asText());
      workloads.put(run.run().manifest().device() + "/" + folder, run.run().workload());
    }

    @Override
    public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {
      RunSummaryRow row = point.row("", metric, statistic, value);
      rows.putIfAbsent(row.pointId(), row);
      Latencies.Statistic known = Latencies.Statistic.of(row.metric(), row.statistic());
      if (known != null) {
        latencies.computeIfAbsent(row.pointId(), id -> new Latencies()).put(known, value);
      }
    }

    private Points points() {
      String simulated = Origin.SIMULATED.name().toLowerCase(Locale.ROOT);
      Map<String, MeasuredPoint> measured = new LinkedHashMap<>();
      List<MeasuredPoint> others = new ArrayList<>();
      for (RunSummaryRow row : rows.values()) {
        Latencies known = latencies.get(row.pointId());
        if (known == null || row.requestRatePerSecond() == null) {
          continue;
        }
        MeasuredPoint point = point(row, known);
        if (row.origin().equals(simulated)) {
          others.add(point);
        } else {
          String run = row.device() + "/" + runOf(row.point());
          measured.putIfAbsent(run, point.with(workloads.get(run)));
        }
      }
      return new Points(List.copyOf(measured.values()), others);
    }

    private static MeasuredPoint point(RunSummaryRow row, Latencies known) {
      return new MeasuredPoint(
          row.point(),
          row.device(),
          new MeasuredPoint.Deployed(
              row.model(), row.replicas(), row.tensorParallel(), row.pipelineParallel()),
          new MeasuredPoint.Load(
              row.requestRatePerSecond(),
              row.requests(),
              rounded(row.promptTokens()),
              rounded(row.outputTokens())),
          null,
          known);
    }

    private static Integer rounded(Double tokens) {
      return tokens == null ? null : (Integer) Math.toIntExact(Math.round(tokens));
    }
  }
}
