package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.OperatorTimingRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernel tables of aiconfigurator and step traces of vLLM. */
class ParquetImportersTest {
  private static final String COMMON =
      "optional binary framework (STRING); optional binary version (STRING);"
          + " optional binary device (STRING); optional binary op_name (STRING);"
          + " optional binary kernel_source (STRING); optional double latency;";

  private static final String STEP =
      "optional int64 step.id; optional int64 step.ts_start_ns; optional int64 step.ts_end_ns;"
          + " optional int64 step.duration_us; optional int64 queue.running_depth;"
          + " optional int64 queue.waiting_depth; optional int64 batch.num_prefill_reqs;"
          + " optional int64 batch.num_decode_reqs; optional int64 batch.scheduled_tokens;"
          + " optional int64 batch.prefill_tokens; optional int64 batch.decode_tokens;"
          + " optional int64 batch.num_finished; optional int64 batch.num_preempted;"
          + " optional int64 kv.blocks_total_gpu; optional int64 kv.blocks_free_gpu;"
          + " optional binary experiment_id (STRING); optional double cycle_time_us;"
          + " optional binary model (STRING); optional int64 tp;";

  @TempDir Path folder;

  @SafeVarargs
  private Path parquet(String name, String columns, Consumer<Group>... rows) throws IOException {
    Path file = folder.resolve(name);
    Files.deleteIfExists(file);
    MessageType schema = MessageTypeParser.parseMessageType("message m {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (Consumer<Group> row : rows) {
        Group group = new SimpleGroup(schema);
        row.accept(group);
        writer.write(group);
      }
    }
    return file;
  }

  private static void common(Group row, String operator, double millis) {
    row.add("framework", "VLLM");
    row.add("version", "0.19.0");
    row.add("device", "NVIDIA X");
    row.add("op_name", operator);
    row.add("kernel_source", "flash");
    row.add("latency", millis);
  }

  @Test
  void kernelTablesBecomeOperators() throws IOException {
    parquet(
        "attention_perf.parquet",
        COMMON
            + "optional int64 batch_size; optional int64 isl; optional int64 step;"
            + " optional int64 num_heads; optional int64 num_key_value_heads;"
            + " optional int64 head_dim; optional int64 beam_width;"
            + " optional binary attn_dtype (STRING); optional binary kv_cache_dtype (STRING);",
        row -> {
          common(row, "generation_attention", 0.25);
          row.add("batch_size", 32L);
          row.add("isl", 1L);
          row.add("step", 127L);
          row.add("num_heads", 64L);
          row.add("num_key_value_heads", 8L);
          row.add("head_dim", 128L);
          row.add("beam_width", 1L);
          row.add("attn_dtype", "bfloat16");
          row.add("kv_cache_dtype", "fp8");
        });
    parquet(
        "gemm_perf.parquet",
        COMMON
            + "optional binary gemm_dtype (STRING); optional int32 m; optional int64 n;"
            + " optional int64 k;",
        row -> {
          common(row, "gemm", 1.5);
          row.add("gemm_dtype", "fp8");
          row.add("m", 16);
          row.add("n", 32L);
          row.add("k", 64L);
        });
    Found found = Found.at(folder, new AiConfiguratorKernelImporter());
    OperatorTimingRow attention = found.operators.get(0);
    assertThat(attention.operator()).isEqualTo("generation_attention");
    assertThat(attention.timeNs()).isEqualTo(250_000);
    assertThat(attention.kernel()).isEqualTo("flash");
    assertThat(attention.batch()).isEqualTo(32);
    assertThat(attention.queryTokens()).isEqualTo(1);
    assertThat(attention.kvTokens()).as("isl + step").isEqualTo(128);
    assertThat(attention.kvHeads()).isEqualTo(8);
    assertThat(attention.dtype()).isEqualTo("bfloat16");
    assertThat(attention.kvDtype()).isEqualTo("fp8");
    assertThat(attention.shapeJson()).isEqualTo("{\"beam_width\":1}");
    OperatorTimingRow gemm = found.operators.get(1);
    assertThat(gemm.timeNs()).isEqualTo(1_500_000);
    assertThat(gemm.m()).isEqualTo(16);
    assertThat(gemm.k()).isEqualTo(64);
    assertThat(gemm.dtype()).isEqualTo("fp8");
    assertThat(gemm.statistic()).isNull();
    assertThat(gemm.shapeJson()).isNull();
  }

  private static void step(Group row, long id, long start) {
    row.add("step.id", id);
    row.add("step.ts_start_ns", start);
    row.add("step.ts_end_ns", start + 700_000);
    row.add("step.duration_us", 682L);
    row.add("queue.running_depth", 10L);
    row.add("queue.waiting_depth", 1L);
    row.add("batch.num_prefill_reqs", 8L);
    row.add("batch.num_decode_reqs", 2L);
    row.add("batch.scheduled_tokens", 2048L);
    row.add("batch.prefill_tokens", 2046L);
    row.add("batch.decode_tokens", 2L);
    row.add("batch.num_finished", 0L);
    row.add("batch.num_preempted", 0L);
    row.add("kv.blocks_total_gpu", 100L);
    row.add("kv.blocks_free_gpu", 60L);
    row.add("experiment_id", "e1");
    row.add("model", "llama");
    row.add("tp", 4L);
  }

  @Test
  void stepsKeepTheirTwoTimesApart() throws IOException {
    parquet(
        "engine_steps.parquet",
        STEP,
        row -> step(row, 5, 1_000),
        row -> {
          step(row, 10, 2_000);
          row.add("cycle_time_us", 9389.5);
        });
    assertThat(Found.at(folder, new VllmStepImporter()).steps)
        .containsExactly(
            new EngineStepRow(
                "", "e1", "llama", null, null, 4, 5, 1_000, 682_000, null, 10, 1, 8, 2, 2048, 2046,
                2, 0, 0, 40, 100),
            new EngineStepRow(
                "",
                "e1",
                "llama",
                null,
                null,
                4,
                10,
                2_000,
                682_000,
                9_389_500.0,
                10,
                1,
                8,
                2,
                2048,
                2046,
                2,
                0,
                0,
                40,
                100));
  }

  @Test
  void brokenFilesAreExplained() throws IOException {
    Importer kernels = new AiConfiguratorKernelImporter();
    Path file =
        parquet("x_perf.parquet", COMMON + "optional int64 num_head;", row -> common(row, "x", 1));
    assertBadInput(folder, kernels, file + ": unknown column num_head. Maybe: num_heads");
    parquet("x_perf.parquet", COMMON.replace("optional double latency;", ""), row -> {});
    assertBadInput(
        folder,
        kernels,
        file
            + ": missing column latency. It has: framework, version, device, op_name,"
            + " kernel_source");
    parquet("x_perf.parquet", COMMON, row -> common(row, "x", 1), row -> common(row, "x", -1));
    assertBadInput(folder, kernels, file + ": row 2: latency (-1.0) must be zero or more");
    parquet("x_perf.parquet", COMMON, row -> {});
    assertBadInput(folder, kernels, file + ": row 1: op_name () must not be empty");

    Path steps = parquet("steps.parquet", STEP, row -> step(row, 1, 5));
    Files.write(steps, Arrays.copyOf(Files.readAllBytes(steps), 200));
    assertThat(catchThrowable(() -> Found.at(folder, new VllmStepImporter())))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(steps + ": not a Parquet file, or cut off: ");
  }
}
