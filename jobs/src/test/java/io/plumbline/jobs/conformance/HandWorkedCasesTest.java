package io.plumbline.jobs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.vidur.VidurPaths;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose figures were worked out by hand; the README beside them says how. */
class HandWorkedCasesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));
  private static final Path CASES = Path.of("src", "test", "resources", "vidur-cases");

  @TempDir Path dir;

  @Test
  void everyRunIsAsWorkedOut() {
    String out = run(CASES);

    assertThat(out)
        .contains("12 cases: 12 passed, 0 failed, 0 not judged, 0 skipped")
        .contains("PASS     vllm_restarts_the_newest: 2 requests, 10 batches, 10 batch stages")
        .contains("PASS     pipeline_bubble: 2 requests, 3 batches, 6 batch stages")
        .contains("PASS     time_limit: 1 requests, 5 batches, 5 batch stages");
  }

  /** One figure of each file, a bit or a count off. */
  @ParameterizedTest
  @CsvSource({
    "vllm_prefills_first, request_final.csv, ',1.25,', ',1.2500000000000002,', 'completed_at, request'",
    "vllm_restarts_the_newest, request_final.csv, ',14,4', ',14,3', 'num_restarts, request 1'",
    "sarathi_chunks, batch_stages.csv, '1,0,0,2,16,16,0,0.5', '1,0,0,2,16,15,1,0.5', 'stage num_prefill_tokens, batch 1 on stage 0'",
    "orca_mixes, batch_requests.csv, '2,2,16', '2,2,15', 'tokens of a request in a batch, batch 2, position 1'",
    "pipeline_bubble, batch_stages.csv, ',0.75,0.875,', ',0.75,0.8750000000000001,', 'stage stage_end, batch 2 on stage 1'",
    "lightllm_waits, request_metrics.csv, '1,1.125,', '1,1.1250000000000002,', 'request_e2e_time, request 1'",
    "faster_transformer_leaks, summary.json, ': 8', ': 0', 'KV blocks left at the end, replica 0'",
    "router_takes_turns, batch_stages.csv, '1,1,0,1', '1,0,0,1', 'stage replica_id, batch 1 on stage 0'",
  })
  void aChangedFigureIsFound(
      String name, String file, String figure, String changed, String difference)
      throws IOException {
    copy(CASES, dir);
    Path target = dir.resolve(name).resolve(file);
    String text = Files.readString(target);
    assertThat(text).contains(figure);
    Files.writeString(target, text.replaceFirst(java.util.regex.Pattern.quote(figure), changed));

    String out = run(dir);

    assertThat(out)
        .contains("12 cases: 11 passed, 1 failed, 0 not judged, 0 skipped")
        .contains("FAIL     " + name)
        .containsPattern("first difference: " + difference);
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(from)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    for (Path file : files) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static String run(Path cases) {
    StringWriter out = new StringWriter();
    new VidurConformance(
            VidurConformance.Tables.GOLDEN,
            HOME.resolve("models"),
            setup -> new VidurPaths(setup, HOME, null),
            new PathResolver(cases, HOME, null),
            new PrintWriter(out))
        .run(cases);
    return out.toString();
  }
}
