package io.plumbline.files.workload;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines are our own, in the form of the files of 2023 and 2024. */
final class AzureTraceTest {
  private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
  private static final TraceLimits TWO = new TraceLimits(2, null, 1, 1, 1);

  @TempDir Path folder;

  @Test
  void arrivalsCountFromTheFirstRow_asOf2023() {
    Path csv =
        file(
            folder,
            "a.csv",
            HEADER,
            "2023-11-16 23:59:59.9799600,374,44",
            "2023-11-16 23:59:59.9799601,396,109",
            "2023-11-17 00:00:01,12,0");
    // 0.1 us is the last digit of that year; midnight and a time without a fraction are no limits.
    assertThat(TraceFiles.readRequests(csv).requests())
        .containsExactly(
            new Request(0, 0, 374, 44),
            new Request(1, 100, 396, 109),
            new Request(2, 1_020_040_000, 12, 1));
  }

  @Test
  void offsetsAreRead_asOf2024_packedOrNot() throws IOException {
    List<String> lines =
        List.of(
            HEADER,
            "2024-05-10 00:00:00.009930+00:00,2162,5",
            "2024-05-10 00:00:01+00:00,2399,6",
            "2024-05-10 02:00:01.500000+02:00,76,15");
    Path csv = file(folder, "a.csv", lines.toArray(String[]::new));
    Workload workload = TraceFiles.readRequests(csv);
    assertThat(workload.requests())
        .containsExactly(
            new Request(0, 0, 2162, 5),
            new Request(1, 990_070_000, 2399, 6),
            new Request(2, 1_490_070_000, 76, 15));

    Path packed = folder.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(csv, out);
    }
    assertThat(TraceFiles.readRequests(packed)).isEqualTo(workload);
  }

  @Test
  void limitsTakeTheFirstRequestsAndReadNoFurther() {
    Path csv =
        file(
            folder,
            "a.csv",
            HEADER,
            "2024-05-10 00:00:00.5+00:00,100,10",
            "2024-05-10 00:00:02.5+00:00,100,10",
            "this line is never looked at");
    TraceLimits limits = new TraceLimits(2, 60, 0.5, 1, 2);
    // Half the time; twice the output, and what 60 tokens leave of the prompt.
    assertThat(TraceFiles.readRequests(csv, limits).requests())
        .containsExactly(new Request(0, 0, 40, 20), new Request(1, 1_000_000_000, 40, 20));
  }

  @Test
  void badLinesAreNamed() {
    String first = "2024-05-10 00:00:02+00:00,100,10";
    Path time = file(folder, "time.csv", HEADER, first, "2024-05-10 25:00:00+00:00,1,1");
    assertBadInput(
        () -> TraceFiles.readRequests(time),
        time
            + ":3: TIMESTAMP (2024-05-10 25:00:00+00:00) must be a time like"
            + " 2023-11-16 18:17:03.9799600 or 2024-05-10 00:00:00.009930+00:00");
    Path back = file(folder, "back.csv", HEADER, first, "2024-05-10 00:00:01+00:00,1,1");
    assertBadInput(
        () -> TraceFiles.readRequests(back),
        back
            + ":3: TIMESTAMP (2024-05-10 00:00:01+00:00) is before the row above."
            + " Maybe sort the file by TIMESTAMP.");
    Path tokens = file(folder, "tokens.csv", HEADER, first, "2024-05-10 00:00:03+00:00,-1,1");
    assertBadInput(
        () -> TraceFiles.readRequests(tokens),
        tokens + ":3: ContextTokens (-1) must not be negative");
    Path cut = file(folder, "cut.csv", HEADER, first, "2024-05-10 00:00:03+00:00,12");
    assertBadInput(
        () -> TraceFiles.readRequests(cut),
        cut + ":3: 2 fields, but the header has 3. Maybe the file was cut off.");
    Path column = file(folder, "column.csv", "TIMESTAMP,ContextTokens", "x,1");
    assertBadInput(
        () -> TraceFiles.readRequests(column),
        column + ":1: missing column GeneratedTokens. The header has: TIMESTAMP, ContextTokens");
    Path few = file(folder, "few.csv", HEADER, first);
    assertBadInput(
        () -> TraceFiles.readRequests(few, TWO),
        few + ": 1 rows, but 2 requests are asked for. Maybe lower requests.");
    Path none = file(folder, "none.csv", HEADER);
    assertBadInput(() -> TraceFiles.readRequests(none), none + ": no rows below the header");
  }
}
