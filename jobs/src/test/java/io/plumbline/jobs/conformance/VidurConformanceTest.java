package io.plumbline.jobs.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.Json;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.vidur.VidurPaths;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of our own against recorded runs, and how the predictions of a run are found. */
class VidurConformanceTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));
  private static final Path GOLDEN = HOME.resolve("../shared/golden/vidur");
  private static final Path EXTERN = HOME.resolve("../shared/extern");
  private static final String FOREST = "s09_sarathi_cl_trace_intervals";
  private static final String POLYNOMIAL = "x02_batch_index_window";

  private final StringWriter out = new StringWriter();

  @TempDir Path dir;

  @BeforeEach
  void recordedRunsAreHere() {
    assumeTrue(Files.isDirectory(GOLDEN), "recorded Vidur runs are not here");
  }

  @Test
  void ownPredictionsAreJudgedForForestsOnly() throws IOException {
    Path forest = copy(FOREST);
    copy(POLYNOMIAL);

    VidurConformance conformance = conformance();
    String near = run(conformance, true);
    assertThat(near)
        .contains("PASS     " + FOREST + ": 300 requests")
        .contains("UNJUDGED " + POLYNOMIAL + ": 100 requests")
        .containsPattern("training them: [0-9.]+ s of CPU, the original 513 s")
        .containsPattern("attn_decode +8320 +0 +0\\.000 +0\\.000 +0\\.000 +[0-9.]+ +PASS")
        .containsPattern("prefill_e2e_time +p99 +[0-9.]+ +[0-9.]+ +\\+0\\.000 +PASS")
        // The recorded set has transfers between stages; this run has one stage.
        .doesNotContain("send_recv")
        .contains("2 cases: 1 passed, 0 failed, 1 not judged, 0 skipped");

    // The last digits of what is recorded are now others.
    Path metrics = forest.resolve("request_metrics.csv");
    List<String> lines = Files.readAllLines(metrics);
    int column = Arrays.asList(lines.get(0).split(",", -1)).indexOf("prefill_e2e_time");
    List<String> changed = new ArrayList<>(lines.subList(0, 1));
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",", -1);
      fields[column] = String.valueOf(1.0000001 * Double.parseDouble(fields[column]));
      changed.add(String.join(",", fields));
    }
    Files.write(metrics, changed);
    assertThat(run(conformance, false))
        .contains("FAIL     " + FOREST)
        .containsPattern("first difference: prefill_e2e_time p50: recorded [0-9.]+ s");
  }

  @Test
  void withoutAnIndexTheConfigurationTellsThePredictions() throws IOException {
    List<Path> sets;
    try (Stream<Path> all = Files.list(GOLDEN.resolve("tables"))) {
      sets = all.sorted().toList();
    }
    VidurTableSets tables = new VidurTableSets(sets);
    new CsvTable(GOLDEN.resolve("INDEX.csv"), "case", "tables")
        .forEach(
            row -> {
              Path named = GOLDEN.resolve("tables").resolve(row.text("tables"));
              Path found = tables.fitting(GOLDEN.resolve(row.text("case")).resolve("config.json"));
              assertThat(found).as(row.text("case")).isNotNull();
              // Two sets may hold the same models.
              assertThat(models(found)).as(row.text("case")).isEqualTo(models(named));
            });
  }

  private static Object models(Path set) {
    return Json.readTree(set.resolve("models.json")).path("ops").path("attn_decode");
  }

  private Path copy(String name) throws IOException {
    Path to = Files.createDirectory(dir.resolve(name));
    try (Stream<Path> files = Files.list(GOLDEN.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    for (String shared : List.of("tables", "INDEX.csv")) {
      if (!Files.exists(dir.resolve(shared))) {
        Files.createSymbolicLink(dir.resolve(shared), GOLDEN.resolve(shared).toAbsolutePath());
      }
    }
    return to;
  }

  /** One conformance over all runs of a test: forests that are learned once stay learned. */
  private VidurConformance conformance() {
    return new VidurConformance(
        VidurConformance.Tables.OWN,
        HOME.resolve("models"),
        setup -> new VidurPaths(setup, HOME, EXTERN),
        new PathResolver(dir, HOME, EXTERN),
        new PrintWriter(out));
  }

  private String run(VidurConformance conformance, boolean passes) {
    out.getBuffer().setLength(0);
    boolean passed = conformance.run(dir);
    assertThat(passed).as(out.toString()).isEqualTo(passes);
    return out.toString();
  }
}
