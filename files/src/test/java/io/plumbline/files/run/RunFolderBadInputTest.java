package io.plumbline.files.run;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run of two requests as others write it, with one thing wrong at a time. */
final class RunFolderBadInputTest {
  private static final String REQUESTS =
      "request_id,arrival_time_ns,first_token_time_ns,ttft_ns,completion_time_ns,"
          + "num_prefill_tokens,num_decode_tokens,num_decode_tokens_actual,status";
  private static final String TOKENS = "request_id,token_index,token_time_ns,token_latency_ns";

  @TempDir Path folder;
  private Path requests;
  private Path tokens;
  private Path meta;

  @BeforeEach
  void writeRun() {
    requests = requests("0,0,10,10,30,5,2,2,ok", "1,20,40,20,60,6,3,1,failed");
    tokens = tokens("0,0,10,0", "0,1,30,20", "1,0,40,0", "1,1,50,10");
    meta = file(folder, "run_meta.json", "{\"backend\": \"vllm\"}");
  }

  private Path requests(String... rows) {
    return file(folder, "request_metrics.csv", REQUESTS + "\n" + String.join("\n", rows));
  }

  private Path tokens(String... rows) {
    return file(folder, "token_metrics.csv", TOKENS + "\n" + String.join("\n", rows));
  }

  private void assertRefused(String message) {
    assertBadInput(() -> RunFolder.read(folder), message);
  }

  @Test
  void theRunItselfIsRead_itsTokensCutToThoseProduced() {
    LoadedRun run = RunFolder.read(folder);
    assertThat(run.trace().requests().get(1).outcome()).isEqualTo(RequestOutcome.FAILED);
    assertThat(run.trace().tokens().tokens(0)).isEqualTo(2);
    assertThat(run.trace().tokens().tokens(1)).isEqualTo(1);
    assertThat(run.manifest().engine()).isEqualTo("vllm");
    assertThat(run.manifest().origin()).isEqualTo(Origin.MEASURED);
    assertThat(run.manifest().specJson()).isEqualTo("{}");
    assertThat(run.manifest().seed()).isNull();
  }

  @Test
  void aRunWithoutTokenTimesIsRead() throws IOException {
    Files.delete(tokens);
    assertThat(RunFolder.read(folder).trace().tokens()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,20,40,20,60,-6,3,1,ok | num_prefill_tokens (-6) must be positive",
        "1,20,40,20,60,6,3.5,1,ok | num_decode_tokens (3.5) must be an integer",
        "1,20,40,20,60,6,3,-1,ok | num_decode_tokens_actual (-1) must not be negative",
        "1,nan,40,20,60,6,3,1,ok | arrival_time_ns (nan) must be an integer",
        "1,,40,20,60,6,3,1,ok | arrival_time_ns () must not be empty",
        "1,20,40,21,60,6,3,1,ok | ttft_ns (21) must be first_token_time_ns - arrival_time_ns (20)",
        "1,20,40,,60,6,3,1,ok | ttft_ns () must be first_token_time_ns - arrival_time_ns (20)",
        "1,20,,20,60,6,3,1,ok | ttft_ns (20) must be first_token_time_ns - arrival_time_ns (empty)",
        "1,20,40,20,39,6,3,1,ok | completion_time_ns (39) is before first_token_time_ns (40)",
        "1,20,40,20,,6,3,1,ok | completion_time_ns () must not be empty if status is ok",
        "1,20,,,60,6,3,1,ok | first_token_time_ns () must not be empty if status is ok",
        "1,20,40,20,60,6,3,1, | status () must not be empty",
        "0,20,40,20,60,6,3,1,ok | request_id (0) is there already in line 2",
        "x,20,40,20,60,6,3,1,ok | request_id (x) must be an integer",
        "1,20,40,20,60,6,3 | 7 fields, but the header has 9. Maybe the file was cut off.",
        "2,20,40,20,60,6,3,1,ok | request_id (2) follows on a gap: 1 is missing. Ids must be 0, 1, 2, …",
      })
  void aWrongRequestIsNamed(String row, String message) {
    requests("0,0,10,10,30,5,2,2,ok", row);
    assertRefused("%s:3: %s".formatted(requests, message));
  }

  @Test
  void arrivalsMustBeInTheOrderOfIds() {
    requests("1,20,40,20,60,6,3,1,ok", "0,25,40,15,60,5,2,2,ok");
    assertRefused(
        requests
            + ":2: arrival_time_ns (20) of request 1 is before that of request 0 (25). Maybe number the requests by arrival.");
  }

  @Test
  void aMissingColumnIsNamed() {
    file(folder, "request_metrics.csv", "request_id,arrival_time_ns", "0,0");
    assertRefused(
        requests
            + ":1: missing column first_token_time_ns. The header has: request_id, arrival_time_ns");
  }

  @Test
  void aScheduledTimeOutOfOrderIsNamed() {
    file(
        folder, "request_metrics.csv", REQUESTS + ",scheduled_time_ns", "0,0,10,10,30,5,2,2,ok,11");
    assertRefused(
        requests + ":2: Request (0): firstTokenNanos (10) is before its scheduledNanos (11)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,0,40,0 | request_id (2) is not in request_metrics.csv, which ends with 1",
        "0,2,40,0 | token_index (2) must be 1, the next of request 0",
        "0,0,40,0 | token_index (0) must be 1, the next of request 0",
        "0,1,9,0 | token_time_ns (9) is before the token above (10)",
        "0,1,,0 | token_time_ns () must not be empty",
        "0,1 | 2 fields, but the header has 4. Maybe the file was cut off.",
      })
  void aWrongTokenIsNamed(String row, String message) {
    tokens("0,0,10,0", row);
    assertRefused("%s:3: %s".formatted(tokens, message));
  }

  @Test
  void iterationsMayLackTheirKvBlocks_butNothingElse() {
    String columns =
        "replica,stage,iteration,start_time_ns,duration_ns,batch_size,num_prefill_tokens";
    Path iterations =
        file(
            folder,
            "iteration_metrics.csv",
            columns + ",num_decode_tokens",
            "0,0,0,5,10,1,5,0",
            "0,0,1,20,10,1,0,1");
    assertThat(RunFolder.read(folder).trace().iterations())
        .containsExactly(
            new IterationTiming(0, 0, 0, 5, 10, 1, 5, 0, null),
            new IterationTiming(0, 0, 1, 20, 10, 1, 0, 1, null));
    file(folder, "iteration_metrics.csv", columns, "0,0,0,5,10,1,5");
    assertRefused(
        "%s:1: missing column num_decode_tokens. The header has: %s"
            .formatted(iterations, columns.replace(",", ", ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,0,0,1,9,200,0,,,, | request_id (2) is not in request_metrics.csv, which ends with 1",
        "0,0,5,1,9,200,0,,,, | Request (0): sentNanos (1) is before its plannedNanos (5)",
        "0,0,5,,4,,0,,,, | Request (0): endNanos (4) is before its plannedNanos (5)",
        "0,0,0,1,9,200,1,,,guessed, | token_source (guessed) must be one of reported, assumed, spread",
      })
  void aWrongAttemptIsNamed(String row, String message) {
    Path attempts =
        file(
            folder,
            "attempt_metrics.csv",
            "request_id,attempt,planned_time_ns,sent_time_ns,end_time_ns,http_status,chunks,"
                + "prompt_tokens,completion_tokens,token_source,error",
            row);
    assertRefused("%s:2: %s".formatted(attempts, message));
  }

  @Test
  void missingTokensAreNamed() {
    tokens("0,0,10,0", "0,1,30,20");
    assertRefused(
        tokens
            + ": request 1 has 0 tokens, but num_decode_tokens_actual is 1. Maybe the file was cut off.");
  }

  @Test
  void aWrongManifestIsNamed() throws IOException {
    file(folder, "run_meta.json", "{\"backend\": 5}");
    assertRefused(meta + ": backend (5) must be text");
    file(folder, "run_meta.json", "{\"backend\": \"vllm\",", "\"env\": {");
    assertRefused(meta + ":3: the JSON ends too early. Maybe the file was cut off.");
    file(folder, "run_meta.json", "[]");
    assertRefused(meta + ":1: must be a JSON object");
    file(folder, "run_meta.json", "{\"written_by\": \"plumbline\"}");
    assertRefused(meta + ": missing key workload_id (text)");
    Files.delete(meta);
    assertRefused("no such file: " + meta);
    Path absent = folder.resolve("absent");
    assertBadInput(() -> RunFolder.read(absent), "no such folder: " + absent);
  }
}
