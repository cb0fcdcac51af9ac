package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.score.MeasuredEntries;
import io.plumbline.jobs.table.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The pairs that a fidelity file names, with all their runs brought into the tables. */
final class FilePairs {
  private static final String VLLM_REQUESTS = "vllm-requests";

  private final SparkSession spark;
  private final Places places;
  private final RunSources sources;
  private final Map<String, CaseParts> cases = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** What the file has of a case, from all its places. */
  private static final class CaseParts {
    private final List<FidelityFile.Source> measured = new ArrayList<>();
    private final List<FidelityFile.Prediction> predictions = new ArrayList<>();
    private FidelityFile.Clock clock;
  }

  FilePairs(SparkSession spark, Places places) {
    this.spark = spark;
    this.places = places;
    this.sources = new RunSources(spark, places);
  }

  /** What a reader must know, e.g. which cases are not here. */
  List<String> notes() {
    return notes;
  }

  /** Reads, ingests and simulates whatever the file names. */
  List<FidelityPair> pairs(FidelityFile file) {
    file.scores().forEach(this::addScore);
    file.cases().forEach(this::addCase);
    List<FidelityPair> pairs = new ArrayList<>();
    cases.forEach((name, parts) -> addPairs(name, parts, pairs));
    return pairs;
  }

  private void addScore(FidelityFile.Score score) {
    for (FidelityFile.Simulator simulator : score.simulators()) {
      for (MeasuredEntries.Entry entry :
          MeasuredEntries.read(
              places.paths().resolve(score.file()),
              simulator.predictor(),
              simulator.card() == null ? null : places.paths().resolve(simulator.card()),
              places.paths())) {
        CaseParts parts = cases.computeIfAbsent(entry.name(), name -> new CaseParts());
        FidelityFile.Source measured = measured(entry);
        if (!parts.measured.contains(measured)) {
          parts.measured.add(measured);
        }
        if (entry.isHere()) {
          parts.predictions.add(
              new FidelityFile.Prediction(
                  simulator.name(),
                  List.of(new FidelityFile.Source(null, null, null, entry.simulate()))));
        }
      }
    }
  }

  /** The workload of a point that predicts a measured run is that run. */
  private static FidelityFile.Source measured(MeasuredEntries.Entry entry) {
    ConfNode workload = entry.simulate().get("workload");
    ConfNode kind = workload == null ? null : workload.get("kind");
    ConfNode folder = workload == null ? null : workload.get("folder");
    if (kind == null || folder == null) {
      throw new BadInputException(
          "%s: case %s has no workload of kind vllm_requests or run, so nothing was measured"
              .formatted(entry.simulate().where(), entry.name()));
    }
    String ingestKind = kind.text().equals("run") ? "seed-run" : kind.text().replace('_', '-');
    return new FidelityFile.Source(ingestKind, folder.text(), null, null);
  }

  private void addCase(FidelityFile.Case stated) {
    CaseParts parts = cases.computeIfAbsent(stated.name(), name -> new CaseParts());
    parts.measured.addAll(stated.measured());
    parts.predictions.addAll(stated.predictions());
    parts.clock = stated.clock() == null ? parts.clock : stated.clock();
  }

  private void addPairs(String name, CaseParts parts, List<FidelityPair> to) {
    List<FidelityFile.Source> missing =
        parts.measured.stream().filter(source -> !sources.isHere(source)).toList();
    if (!missing.isEmpty()) {
      notes.add("%s: left out, as %s is not here.".formatted(name, missing.get(0).path()));
      return;
    }
    if (parts.measured.isEmpty()) {
      throw new BadInputException(
          "case %s has no measured run. Maybe its name is not that of a case of a score file."
              .formatted(name));
    }
    List<String> references = new ArrayList<>();
    parts.measured.forEach(source -> references.addAll(sources.runIds(name, source)));
    boolean fromQueue = fromQueue(parts, references.get(0));
    for (FidelityFile.Prediction prediction : parts.predictions) {
      if (!prediction.runs().stream().allMatch(sources::isHere)) {
        notes.add("%s: no prediction of %s here.".formatted(name, prediction.simulator()));
        continue;
      }
      List<String> simulated = new ArrayList<>();
      prediction
          .runs()
          .forEach(
              source ->
                  simulated.addAll(sources.runIds(name + "-" + prediction.simulator(), source)));
      to.add(new FidelityPair(name, prediction.simulator(), references, simulated, fromQueue));
    }
  }

  private boolean fromQueue(CaseParts parts, String reference) {
    if (parts.clock != null) {
      return parts.clock == FidelityFile.Clock.QUEUE;
    }
    if (VLLM_REQUESTS.equals(parts.measured.get(0).kind())) {
      return true;
    }
    Tables.register(spark, places.resultsDir());
    return !spark
        .table("request_timing")
        .filter(
            functions.col("run_id").equalTo(reference).and(functions.col("queued_ns").isNotNull()))
        .isEmpty();
  }
}
