package io.plumbline.files.workload;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static io.plumbline.files.Fixtures.shared;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkloadFolderTest {
  private static final String LENGTHS = "request_id,prompt_id,num_prefill_tokens,num_decode_tokens";
  private static final String INTERVALS = "request_id,inter_arrival_ns,arrival_time_ns";

  @TempDir Path folder;
  private Path lengths;
  private Path intervals;

  @BeforeEach
  void writeFolder() {
    lengths = file(folder, "trace_lengths.csv", LENGTHS, "0,p1,9,64", "1,p0,8,32");
    intervals = file(folder, "trace_intervals.csv", INTERVALS, "0,0,0", "1,5,5");
  }

  @Test
  void aFolderWithPromptsIsReadAndWritten() {
    file(
        folder,
        "prompts.jsonl",
        "{\"prompt_id\": \"p0\", \"text\": \"Say \\\"hi\\\",\\n please\"}",
        "{\"prompt_id\": \"p1\", \"text\": \"ä\"}");
    WorkloadFolder read = WorkloadFolder.read(folder);
    assertThat(read)
        .isEqualTo(
            new WorkloadFolder(
                new Workload(List.of(new Request(0, 0, 9, 64), new Request(1, 5, 8, 32))),
                List.of("p1", "p0"),
                Map.of("p0", "Say \"hi\",\n please", "p1", "ä")));
    Path copy = folder.resolve("copy");
    read.write(copy);
    assertThat(WorkloadFolder.read(copy)).isEqualTo(read);
  }

  @Test
  void blocksPriorityAndSessionSurvive_soThatTheWorkloadIsTheSame() {
    PromptBlocks blocks = new PromptBlocks(4, new long[] {1, -1});
    Workload workload =
        new Workload(
            List.of(
                new Request(0, 0, 9, 64, blocks, null, "a, \"b\""),
                new Request(1, 5, 8, 32, null, -3, null)));
    WorkloadFolder.of(workload).write(folder);
    assertThat(WorkloadFolder.read(folder).workload()).isEqualTo(workload);
    assertThat(lengths)
        .hasContent(
            LENGTHS
                + ",priority,session,prompt_blocks\n"
                + "0,p0,9,64,,\"a, \"\"b\"\"\",4 1 ffffffffffffffff\n1,p1,8,32,-3,,");
  }

  @Test
  void moreBlocksThanTokensAreNamed() {
    file(folder, "trace_lengths.csv", LENGTHS + ",prompt_blocks", "0,p1,9,64,4 1 2 3", "1,p0,8,3,");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        lengths
            + ":2: Request (0): 3 prompt blocks of 4 tokens are more than its promptTokens (9)");
  }

  @Test
  void rowsMayStandInAnyOrder() {
    file(folder, "trace_lengths.csv", LENGTHS, "1,p0,8,32", "0,p1,9,64");
    assertThat(TraceFiles.readFolder(folder).request(0)).isEqualTo(new Request(0, 0, 9, 64));
  }

  @Test
  void idsMustBeThereOnce() {
    file(folder, "trace_lengths.csv", LENGTHS, "0,p,1,1", "0,p,1,1");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        lengths + ":3: request_id (0) is there already in line 2");
    file(folder, "trace_lengths.csv", LENGTHS, "0,p,1,1", "2,p,1,1");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        lengths + ":3: request_id (2) follows on a gap: 1 is missing. Ids must be 0, 1, 2, …");
    file(folder, "trace_lengths.csv", LENGTHS, "0,p,1,1");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        "%s has 1 requests, %s has 2. Maybe one of them was cut off."
            .formatted(lengths, intervals));
  }

  @Test
  void intervalsMustFitArrivals() {
    file(folder, "trace_intervals.csv", INTERVALS, "0,0,0", "1,4,5");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        intervals + ":3: inter_arrival_ns (4) is not the time since request 0 (5 ns)");
    file(folder, "trace_intervals.csv", INTERVALS, "0,0,7", "1,0,5");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        intervals + ":3: inter_arrival_ns (0) is not the time since request 0 (-2 ns)");
  }

  @Test
  void promptsMustBeWhole() {
    Path prompts = file(folder, "prompts.jsonl", "{\"prompt_id\": \"p1\", \"te");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        prompts + ":1: not a JSON object on one line. Maybe the file was cut off.");
    file(folder, "prompts.jsonl", "{\"prompt_id\": \"p1\", \"text\": \"x\"}");
    assertBadInput(
        () -> WorkloadFolder.read(folder), prompts + ": no prompt for prompt_id (p0) of request 1");
    file(folder, "prompts.jsonl", "{\"prompt_id\": 1, \"text\": \"x\"}");
    assertBadInput(
        () -> WorkloadFolder.read(folder),
        prompts + ":1: needs the texts \"prompt_id\" and \"text\"");
    String line = "{\"prompt_id\": \"p1\", \"text\": \"x\"}";
    file(folder, "prompts.jsonl", line, "", line);
    assertBadInput(() -> WorkloadFolder.read(folder), prompts + ":3: duplicate prompt_id (p1)");
  }

  @Test
  void theFolderOfARealRunIsRead() {
    WorkloadFolder read = WorkloadFolder.read(shared("real/seed_a100_qwen3_0.6b/workload"));
    assertThat(read.workload().size()).isEqualTo(8);
    assertThat(read.workload().request(7)).isEqualTo(new Request(7, 14_000_000_000L, 10, 64));
    assertThat(read.prompts()).hasSizeGreaterThanOrEqualTo(8).containsKey("p0");
  }
}
