package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmServingSimImporterTest {
  private static final Importer IMPORTER = new LlmServingSimImporter();
  private static final String HEADER =
      "instance id,request id,model,input,output,arrival,end_time,latency,queuing_delay,TTFT,TPOT";

  /** Arrives at 100, scheduled at 110, first token at 150, end at 351: gaps of 67. */
  private static final String SECOND = "1,1,m/tiny,7,4,100,351,251,10,50,67";

  /** One token only, so there is no TPOT and its first token is its last. */
  private static final String FIRST = "0,0,m/tiny,9,1,40,90,50,0,50,0";

  @TempDir Path folder;

  @Test
  void aPredictionIsReadInTheOrderOfItsIds() {
    file(folder, "sim.csv", HEADER, SECOND, FIRST);
    file(folder, "notes.csv", "a,b", "1,2");
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().trace().requests())
        .containsExactly(
            new RequestTiming(0, 0, 40, 40L, 90L, 90L, 9, 1, 1, 0, RequestOutcome.COMPLETED),
            new RequestTiming(1, 1, 100, 110L, 150L, 351L, 7, 4, 4, 0, RequestOutcome.COMPLETED));
    assertThat(imported.run().trace().requests().get(1).tpotNanos()).isEqualTo(67.0);
    assertThat(imported.run().trace().tokens()).isNull();
    assertThat(imported.run().manifest().origin()).isEqualTo(Origin.SIMULATED);
    assertThat(imported.run().manifest().engine()).isEqualTo("llmservingsim");
    assertThat(imported.run().manifest().model()).isEqualTo("m/tiny");
    assertThat(imported.deployment()).isEqualTo(ImportedRun.Deployment.UNKNOWN);
  }

  @Test
  void tokensHaveTimesWhereTheirGapsAddUp() {
    file(folder, "sim.csv", HEADER + ",ITL", SECOND + ",\"[60, 70, 71]\"", FIRST + ",[]");
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(List.of(150L, 210L, 280L, 351L))
        .allSatisfy(
            nanos ->
                assertThat(List.of(0, 1, 2, 3))
                    .anyMatch(k -> imported.run().trace().tokens().nanos(1, k) == nanos));
    file(folder, "sim.csv", HEADER + ",ITL", SECOND + ",\"[60, 70, 70]\"", FIRST + ",[]");
    assertThat(Found.at(folder, IMPORTER).runs.get(0).run().trace().tokens()).isNull();
  }

  @Test
  void theClusterBesideItSaysWhatRan() {
    file(
        folder,
        "config.json",
        "{\"nodes\": [{\"instances\": [",
        "{\"model_name\": \"m\", \"hardware\": \"GPU\", \"tp_size\": 2},",
        "{\"model_name\": \"m\", \"hardware\": \"GPU\", \"tp_size\": 2}]}]}");
    file(folder, "outputs/sim.csv", HEADER, SECOND, FIRST);
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().manifest().device()).isEqualTo("GPU");
    assertThat(imported.run().manifest().specJson()).startsWith("{\"nodes\":");
    assertThat(imported.deployment()).isEqualTo(new ImportedRun.Deployment(null, null, 2, 2, null));
  }

  @Test
  void brokenFilesAreExplained() {
    Path csv = file(folder, "sim.csv", HEADER, SECOND);
    assertBadInput(
        folder,
        IMPORTER,
        csv
            + ": request id 0 is missing; only finished requests are in the file. Maybe the"
            + " simulation was cut short.");
    file(folder, "sim.csv", HEADER, FIRST, FIRST);
    assertBadInput(folder, IMPORTER, csv + ":3: request id (0) is there already in line 2");
    file(folder, "sim.csv", HEADER, FIRST, "1,1,m/tiny,7,4,100,351");
    assertBadInput(
        folder, IMPORTER, csv + ":3: 7 fields, but the header has 11. Maybe the file was cut off.");
    file(folder, "sim.csv", HEADER + ",n_preempted", FIRST + ",0");
    assertBadInput(
        folder,
        IMPORTER,
        csv
            + ":1: unknown column n_preempted. Known: instance id, request id, model, input,"
            + " output, arrival, end_time, latency, queuing_delay, TTFT, TPOT, ITL");
    file(folder, "sim.csv", HEADER, FIRST.replace(",50,0,50,0", ",51,0,50,0"));
    assertBadInput(folder, IMPORTER, csv + ":2: latency (51) must be end_time - arrival (50)");
    // As a version that counts the prompt into output: 7 + 4.
    file(folder, "sim.csv", HEADER, FIRST, "1,1,m/tiny,7,11,100,351,251,10,50,67");
    assertBadInput(
        folder,
        IMPORTER,
        csv
            + ":3: TPOT (67) must be (latency - TTFT) / (output - 1) (20). Maybe output counts the"
            + " prompt as well, as in other versions");
  }
}
