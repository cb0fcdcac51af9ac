package io.plumbline.jobs;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.trace.run.RunTrace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportJobTest {
  private static final Set<String> FIELDS_OF_ALL = Set.of("name", "ph", "pid", "args");

  @TempDir static Path results;

  private static JsonNode oneStage;
  private static JsonNode twoStages;
  private static JsonNode measured;

  /** Runs that several tests look at, exported once. */
  @BeforeAll
  static void exportRuns() throws IOException {
    RunWriter writer = new RunWriter(results.toString());
    for (int stages = 1; stages <= 2; stages++) {
      writer.write(
          SimulatedRuns.manifest("s" + stages, STANDARD),
          SimulatedRuns.secondRestarts(STANDARD, stages),
          RunTags.labelled("stages-" + stages));
    }
    writer.write(measured("m1"), REFERENCE, RunTags.NONE);
    writer.write(measured("m2"), new RunTrace(REFERENCE.requests(), List.of(), null), RunTags.NONE);
    oneStage = trace("stages-1");
    twoStages = trace("s2");
    measured = trace("m1");
  }

  private static JobRun export(String... args) {
    List<String> all = new ArrayList<>(List.of("chrome-trace"));
    all.addAll(List.of(args));
    all.add("--results=" + results);
    return JobRun.of(new ExportJob(), all.toArray(String[]::new));
  }

  private static JsonNode trace(String run) throws IOException {
    Path file = results.resolve("out").resolve(run + ".json");
    assertThat(export(run, "--out", file.toString()))
        .isEqualTo(new JobRun(0, file + System.lineSeparator(), ""));
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Stream<JsonNode> events(JsonNode trace, String phase) {
    List<JsonNode> found = new ArrayList<>();
    trace.get("traceEvents").forEach(found::add);
    return found.stream().filter(event -> event.get("ph").asText().equals(phase));
  }

  @Test
  void everythingIsAsTheFormatWants() {
    requireTraceEvents(oneStage);
    requireTraceEvents(twoStages);
    requireTraceEvents(measured);
  }

  /** What the Trace Event Format asks of the events that we use, in JSON's object form. */
  private static void requireTraceEvents(JsonNode trace) {
    assertThat(trace.get("traceEvents").isArray()).isTrue();
    assertThat(trace.get("displayTimeUnit").asText()).isIn("ms", "ns");
    Map<String, Double> endMicros = new HashMap<>();
    Map<String, Double> counterMicros = new HashMap<>();
    Set<String> named = new HashSet<>();
    for (JsonNode event : trace.get("traceEvents")) {
      List<String> fields = new ArrayList<>();
      event.fieldNames().forEachRemaining(fields::add);
      assertThat(fields).containsAll(FIELDS_OF_ALL);
      assertThat(event.get("name").isTextual()).isTrue();
      assertThat(event.get("pid").isInt()).isTrue();
      assertThat(event.get("args").isObject()).isTrue();
      switch (event.get("ph").asText()) {
        case "M" -> {
          assertThat(event.get("name").asText()).isIn("process_name", "thread_name");
          assertThat(event.get("tid").isInt()).isTrue();
          assertThat(event.get("args").get("name").isTextual()).isTrue();
          named.add(event.get("name").asText() + " " + event.get("pid") + "/" + event.get("tid"));
        }
        case "X" -> {
          assertThat(event.get("tid").isInt()).isTrue();
          assertThat(event.get("ts").isNumber()).isTrue();
          assertThat(event.get("dur").asDouble()).isNotNegative();
          // Slices of a thread must not overlap, or viewers nest one in the other.
          String thread = event.get("pid") + "/" + event.get("tid");
          double start = event.get("ts").asDouble();
          assertThat(start).isGreaterThanOrEqualTo(endMicros.getOrDefault(thread, 0.0));
          endMicros.put(thread, start + event.get("dur").asDouble());
        }
        case "C" -> {
          assertThat(event.get("ts").isNumber()).isTrue();
          event.get("args").forEach(value -> assertThat(value.isNumber()).isTrue());
          // A counter is a process's; its values come in the order of time.
          String counter = event.get("pid") + " " + event.get("name");
          assertThat(event.get("ts").asDouble())
              .isGreaterThanOrEqualTo(counterMicros.getOrDefault(counter, 0.0));
          counterMicros.put(counter, event.get("ts").asDouble());
        }
        default -> throw new AssertionError("unexpected " + event);
      }
    }
    // Whatever has slices is named.
    endMicros
        .keySet()
        .forEach(
            thread ->
                assertThat(named)
                    .contains(
                        "thread_name " + thread,
                        "process_name " + thread.substring(0, thread.indexOf('/')) + "/0"));
  }

  @Test
  void slicesAreTheIterations() {
    RunTrace run = SimulatedRuns.secondRestarts(STANDARD, 2);
    assertThat(
            events(twoStages, "X")
                .map(
                    event ->
                        "%s %s %s %s %s"
                            .formatted(
                                event.get("args").get("batch_id"),
                                event.get("pid"),
                                event.get("tid"),
                                Math.round(event.get("ts").asDouble() * 1000),
                                Math.round(event.get("dur").asDouble() * 1000))))
        .containsExactlyInAnyOrderElementsOf(
            run.iterations().stream()
                .map(
                    it ->
                        "%d %d %d %d %d"
                            .formatted(
                                it.iteration(),
                                it.replica(),
                                it.stage(),
                                it.startNanos(),
                                it.durationNanos()))
                .toList());
  }

  @Test
  void slicesSayWhatTheirBatchIs() {
    List<JsonNode> slices = events(oneStage, "X").toList();
    assertThat(slices)
        .extracting(slice -> slice.get("name").asText())
        .startsWith("prefill", "decode");
    assertThat(slices.get(0).get("args"))
        .hasToString(
            "{\"batch_id\":0,\"batch_size\":2,\"prefill_tokens\":16,\"decode_tokens\":0,"
                + "\"request_ids\":[0,1],\"num_tokens\":[8,8]}");
    assertThat(slices.get(1).get("args").get("request_ids")).hasToString("[0]");
    // 26 ms after the start.
    assertThat(slices.get(1).get("ts").asDouble()).isEqualTo(26_000);
  }

  @Test
  void processesAreReplicasAndThreadsStages() {
    assertThat(
            events(twoStages, "M")
                .map(event -> event.get("tid") + " " + event.get("args").get("name").asText()))
        .containsExactly("0 replica 0", "0 stage 0", "1 stage 1");
  }

  @Test
  void countersFollowBlocksAndRequests() {
    assertThat(counter(oneStage, "running requests")).containsExactly("0 2", "59000 1", "100000 0");
    assertThat(counter(oneStage, "waiting requests")).containsExactly("0 0", "59000 0", "100000 0");
    // 2 + 2 blocks; a third for 0 once 1 has given its two back; 1 comes back with three.
    assertThat(counter(oneStage, "KV blocks in use"))
        .containsExactly("0 4", "26000 3", "37000 3", "48000 3", "59000 3", "78000 3", "89000 3");
  }

  private static Stream<String> counter(JsonNode trace, String name) {
    return events(trace, "C")
        .filter(event -> event.get("name").asText().equals(name))
        .map(event -> event.get("ts").asLong() + " " + event.get("args").get("value"));
  }

  @Test
  void aMeasuredRunIsExportedWithWhatIsKnownOfIt() {
    assertThat(events(measured, "X").map(event -> event.get("args").toString()))
        .containsExactly(
            "{\"batch_id\":0,\"batch_size\":1,\"prefill_tokens\":16,\"decode_tokens\":0}");
    assertThat(measured.get("otherData").get("engine").asText()).isEqualTo("vllm");
  }

  @Test
  void aNameThatEndsInGzIsCompressed() throws IOException {
    Path plain = results.resolve("out/s2.json");
    Path compressed = results.resolve("compressed.json.gz");
    assertThat(export("s2", "--out", compressed.toString()).exitCode()).isZero();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
      assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(plain));
    }
  }

  @Test
  void aRunWithoutIterationsIsRefusedAndNothingIsLeft() {
    Path file = results.resolve("none/trace.json");
    JobRun run = export("m2", "--out", file.toString());
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "run m2 has recorded no iterations. Maybe simulate it again with record: iterations"
                + System.lineSeparator());
    assertThat(file.getParent()).isEmptyDirectory();
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path folder = Files.createDirectories(results.resolve("folder/inside"));
    JobRun run = export("s1", "--out", folder.getParent().toString());
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err()).startsWith("cannot write " + folder.getParent());
  }

  @Test
  void unknownKindsAndRunsAreRefused() {
    assertThat(JobRun.of(new ExportJob(), "vcd", "s1").err())
        .contains("Invalid value for positional parameter at index 0 (KIND)", "chrome-trace");
    assertThat(export("s9").err()).startsWith("no run \"s9\"; there are:");
  }
}
