package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.error.RunLookup;
import io.plumbline.jobs.ingest.Ingestion;
import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.sweep.SweepRunner;
import io.plumbline.jobs.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Brings runs into the tables, wherever they come from, and says how they are called there. */
final class RunSources {
  private final SparkSession spark;
  private final Places places;

  RunSources(SparkSession spark, Places places) {
    this.spark = spark;
    this.places = places;
  }

  /** Whether the files of a source are here; a run in the tables is looked up later. */
  boolean isHere(FidelityFile.Source source) {
    return source.path() == null || places.paths().find(source.path()) != null;
  }

  /**
   * The ids of the runs of a source, which are in the tables afterwards.
   *
   * @param name what a simulation is called as a sweep
   * @throws BadInputException if it has none
   */
  List<String> runIds(String name, FidelityFile.Source source) {
    if (source.run() != null) {
      Tables.register(spark, places.resultsDir());
      return List.of(new RunLookup(spark).find(source.run()).runId());
    }
    return source.simulate() != null
        ? simulated(name, source.simulate())
        : ingested(source.kind(), source.path());
  }

  private List<String> ingested(String kind, String path) {
    List<String> ids = new ArrayList<>();
    ingest(kind, path).forEach(taken -> taken.runs().forEach(r -> ids.add(r.manifest().runId())));
    if (ids.isEmpty()) {
      throw new BadInputException(
          "%s of kind %s holds no run with requests. Maybe it belongs under grids."
              .formatted(path, kind));
    }
    return ids;
  }

  /** Takes files in. */
  List<Ingestion.Taken> ingest(String kind, String path) {
    List<Ingestion.Taken> taken = new ArrayList<>();
    new Ingestion(kind, places.importers().apply(kind), new Ingestion.Known(null, null, null, null))
        .take(places.paths().resolve(path), places.resultsDir(), taken::add);
    return taken;
  }

  /** Runs that are in the tables already are not made again. */
  private List<String> simulated(String name, ConfNode simulate) {
    ConfNode file =
        ConfNode.parse(simulate.file(), "name: " + sweepName(name) + "\nrecord: tokens\n")
            .with("simulate", simulate);
    SweepPlan plan = SweepPlanner.plan(file, places.modelsDir(), places.paths());
    SweepRunner.Todo todo = SweepRunner.todo(plan, places.resultsDir(), false);
    if (todo.size() > 0) {
      List<SweepRunner.Failure> failures =
          SweepRunner.runHere(plan, todo, places.resultsDir(), places.trainedDir());
      if (!failures.isEmpty()) {
        throw new BadInputException("%s: %s".formatted(name, failures.get(0).message()));
      }
    }
    return plan.points().stream().map(SweepPoint::runId).toList();
  }

  private static String sweepName(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "-");
  }
}
