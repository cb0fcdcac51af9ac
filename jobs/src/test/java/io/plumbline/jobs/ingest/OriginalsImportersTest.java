package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ReaLLM, BLIS's replay and simple programs leave. */
class OriginalsImportersTest {
  private static final Path GOLDEN = Path.of("../../shared/golden/reallm");
  private static final String TRACE =
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size";

  @TempDir Path folder;

  @Test
  void reallmHasATimePerTokenAndEndsBeforeWhatIsNotDone() {
    file(folder, "trace.csv", TRACE, "0,2,0,0.5,1,10,2", "1,2,0,0.75,1,20,3", "2,2,0,0.8,1,9,2");
    file(
        folder,
        "sim_results.csv",
        "request_id,arrival_time,finish_time",
        "0,0.5,0.6000,0.7000,",
        "1,0.75,0.8000,None,None,");
    RunTrace trace = Found.at(folder, new ReallmImporter()).runs.get(0).run().trace();
    RequestTiming first = trace.requests().get(0);
    assertThat(first.firstTokenNanos()).isEqualTo(600_000_000);
    assertThat(first.endNanos()).isEqualTo(700_000_000);
    assertThat(trace.requests())
        .extracting(RequestTiming::outcome)
        .containsExactly(
            RequestOutcome.COMPLETED, RequestOutcome.UNFINISHED, RequestOutcome.UNFINISHED);
    assertThat(trace.requests().get(1).firstTokenNanos()).isEqualTo(800_000_000);
    Path results = folder.resolve("sim_results.csv");
    file(folder, "sim_results.csv", "request_id,arrival_time,finish_time", "0,0.5,x,");
    assertBadInput(
        folder,
        new ReallmImporter(),
        results + ":2: a field is no number. Maybe the file was cut off.");
    file(folder, "sim_results.csv", "request_id,arrival_time,finish_time", "7,0.5,0.6,");
    assertBadInput(
        folder,
        new ReallmImporter(),
        results + ":2: request_id (7) is not in the trace of 3 requests");
  }

  @Test
  void everyRecordedRunOfReallmParses() {
    assumeTrue(Files.isDirectory(GOLDEN), "skipped: no recorded runs of ReaLLM");
    Found found = Found.at(GOLDEN, new ReallmImporter());
    assertThat(found.runs).hasSizeGreaterThan(10);
    // Some were cut off by their own option end_reqs before a request was done.
    assertThat(found.runs).allMatch(run -> firstTokenNanos(run) > 0);
    assertThat(found.runs).filteredOn(run -> completed(run) > 0).hasSizeGreaterThan(8);
    // c04: "0,0.79587450816311,0.8633,…,1.0560," and 17 tokens.
    RequestTiming first =
        Found.at(GOLDEN.resolve("c04_baseline"), new ReallmImporter())
            .runs
            .get(0)
            .run()
            .trace()
            .requests()
            .get(0);
    assertThat(first.firstTokenNanos()).isEqualTo(863_300_000);
    assertThat(first.endNanos()).isEqualTo(1_056_000_000);
    assertThat(first.producedTokens()).isEqualTo(17);
  }

  private static long firstTokenNanos(ImportedRun run) {
    return run.run().trace().requests().get(0).firstTokenNanos();
  }

  private static int completed(ImportedRun run) {
    return run.run().trace().count(RequestOutcome.COMPLETED);
  }

  @Test
  void blisCountsFromTheArrival() {
    file(
        folder,
        "blis_trace.csv",
        "request_id,input_tokens,output_tokens,arrival_time_us",
        "0,10,2,100",
        "1,20,3,200");
    file(
        folder,
        "blis_results.json",
        "[{\"request_id\": 0, \"ttft_us\": 50.5, \"e2e_us\": 70, \"output_tokens\": 2}]");
    RunTrace trace = Found.at(folder, new BlisReplayImporter()).runs.get(0).run().trace();
    assertThat(trace.requests().get(0).firstTokenNanos()).isEqualTo(150_500);
    assertThat(trace.requests().get(0).endNanos()).isEqualTo(170_000);
    assertThat(trace.requests().get(1).outcome()).isEqualTo(RequestOutcome.UNFINISHED);
    file(
        folder,
        "blis_results.json",
        "[{\"request_id\": 0, \"ttft_us\": 50, \"e2e_us\": 70, \"output_tokens\": 1}]");
    assertBadInput(
        folder,
        new BlisReplayImporter(),
        folder.resolve("blis_results.json")
            + "[0]: output_tokens (1) is not what the trace asks for (2)");
  }

  @Test
  void timesOfRequestsAreTakenAsTheyAre() {
    file(
        folder,
        "mine.request_times.csv",
        "request_id,arrival_s,prompt_tokens,output_tokens,start_s,first_token_s,end_s",
        "0,0.5,10,2,0.5,0.75,1",
        "1,0.6,10,2,,,");
    var run = Found.at(folder, new RequestTimesImporter()).runs.get(0).run();
    assertThat(run.manifest().engine()).isEqualTo("mine");
    assertThat(run.trace().requests().get(0).ttftNanos()).isEqualTo(250_000_000);
    assertThat(run.trace().requests().get(1).outcome()).isEqualTo(RequestOutcome.UNFINISHED);
  }
}
