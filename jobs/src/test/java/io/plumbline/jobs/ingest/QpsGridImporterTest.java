package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.files.BadInputException;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.trace.run.TokenTimes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QpsGridImporterTest {
  private static final Importer IMPORTER = new QpsGridImporter();
  private static final String RUNS =
      "run,device,path,model,tp,pp,dp,max_num_batched_tokens,max_num_seqs,qps,qps_prompts_file,"
          + "trace,concurrency,max_tokens,requests";
  private static final String REQUESTS =
      "run,req,arrival_rel_s,input_tokens,output_tokens,client_sched_delay_s,ttft_s,e2e_s";
  private static final String TOKENS = "run,req,token_index,latency_s";
  private static final String VLLM =
      "source,Timestamp,Model,Num_Replicas,Tensor_Parallel,Pipeline_Parallel,Max_Batch_Tokens,QPS,"
          + "E2E_Latency_Avg,Total_Gen_Avg,Total_Gen_P99,First_Token_P50,Throughput,"
          + "Total_Requests,Total_Input_Tokens,Total_Output_Tokens";

  @TempDir Path folder;

  private void runs(String... lines) {
    file(folder, "runs.csv", lines);
  }

  private Path requests(String... lines) {
    return file(folder, "requests.csv", lines);
  }

  @Test
  void everyRowOfRunsIsARun() {
    runs(
        RUNS,
        "7,gpu_a,a/qps2,m/tiny,2,1,4,512,256,2.5,prompts.txt,,8,512,2",
        "9,gpu_a,a/qps3,m/tiny,1,1,1,512,256,3,prompts.txt,,8,512,1");
    requests(
        REQUESTS,
        "7,0,0.0,100,3,0.007,0.2,0.2500001",
        "9,0,0.0,50,1,0.007,0.1,0.1",
        "7,1,1.25,100,2,0.007,0.2,0.3");
    file(folder, "token_latencies_selected.csv", TOKENS, "7,0,1,0.03", "7,0,2,0.02", "7,1,1,0.1");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.runs).extracting(ImportedRun::name).containsExactly("run 7", "run 9");
    ImportedRun first = found.runs.get(0);
    assertThat(first.deployment().replicas()).isEqualTo(4);
    assertThat(first.deployment().tensorParallel()).isEqualTo(2);
    LoadedRun run = first.run();
    assertThat(run.manifest().device()).isEqualTo("gpu_a");
    assertThat(run.manifest().engine()).isEqualTo("vllm");
    assertThat(run.manifest().software()).containsEntry("clock", "client");
    assertThat(run.manifest().specJson()).contains("\"qps\":2.5").doesNotContain("trace");
    assertThat(run.trace().requests().get(1).arrivalNanos()).isEqualTo(1_250_000_000);
    assertThat(run.trace().requests().get(1).firstTokenNanos()).isEqualTo(1_450_000_000);
    assertThat(run.trace().requests().get(1).endNanos()).isEqualTo(1_550_000_000);
    assertThat(run.trace().requests().get(0).endNanos()).isEqualTo(250_000_100);
    assertThat(run.trace().tokens())
        .isEqualTo(
            TokenTimes.of(
                new long[][] {
                  {200_000_000, 230_000_000, 250_000_000}, {1_450_000_000, 1_550_000_000}
                }));
    assertThat(run.trace().requests().get(0).scheduledNanos()).isNull();
    assertThat(found.runs.get(1).run().trace().tokens()).isNull();
    assertThat(found.runs.get(1).run().manifest().runId()).isNotEqualTo(run.manifest().runId());
  }

  @Test
  void runsThatDoNotFitTheirRequestsAreExplained() {
    String run = "7,gpu_a,a/qps2,m/tiny,2,1,4,512,256,2.5,prompts.txt,,8,512,2";
    runs(RUNS, run);
    Path requests = requests(REQUESTS, "7,0,0.0,100,3,0.007,0.2,0.25");
    assertBadInput(
        folder,
        IMPORTER,
        folder.resolve("runs.csv")
            + ":2: requests (2), but "
            + requests
            + " has 1 of run 7. Maybe it was cut off.");
    requests(REQUESTS, "8,0,0.0,100,3,0.007,0.2,0.25");
    assertBadInput(folder, IMPORTER, requests + ":2: run (8) is not in runs.csv");
    requests(REQUESTS + ",itl_avg", "7,0,0.0,100,3,0.007,0.2,0.25,1");
    assertThat(catchThrowable(() -> Found.at(folder, IMPORTER)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(requests + ":1: unknown column itl_avg. Maybe: itl_avg_s");
    String good = "7,0,0.0,100,3,0.007,0.2,0.25";
    requests(REQUESTS, good, good);
    assertBadInput(folder, IMPORTER, requests + ":3: req (0) is there twice in run 7");
    runs(RUNS, run, run);
    assertBadInput(folder, IMPORTER, folder.resolve("runs.csv") + ":3: run (7) is there twice");
  }

  @Test
  void tokensThatDoNotFitTheirRequestAreExplained() {
    runs(RUNS, "7,gpu_a,a/qps2,m/tiny,2,1,4,512,256,2.5,prompts.txt,,8,512,1");
    Path requests = requests(REQUESTS, "7,0,0.0,100,3,0.007,0.2,0.25");
    Path tokens = file(folder, "token_latencies_selected.csv", TOKENS, "7,0,1,0.03");
    assertBadInput(
        folder,
        IMPORTER,
        requests
            + ":2: output_tokens (3), but "
            + tokens
            + " has 2 tokens of it. Maybe it was cut"
            + " off.");
    file(folder, "token_latencies_selected.csv", TOKENS, "7,0,1,0.03", "7,0,3,0.03");
    assertBadInput(
        folder,
        IMPORTER,
        tokens + ":3: token_index (3) is not below the output_tokens (3) of the request");
    file(folder, "token_latencies_selected.csv", TOKENS, "7,0,2,0.03");
    assertBadInput(
        folder, IMPORTER, tokens + ":2: token_index (2) must be 1: tokens follow each other");
    file(folder, "token_latencies_selected.csv", TOKENS, "7,4,1,0.03");
    assertBadInput(folder, IMPORTER, tokens + ":2: req (4) is no request of run 7");
  }

  @Test
  void latenciesOfVllmAreMillisecondsOfTheClient() {
    file(
        folder,
        "vllm_latency_metrics_all.csv",
        VLLM,
        "gpu_a/n2/qps2/latency_metrics_1.csv,run_1,m/tiny,2,4,1,512,2.0,,100.5,250,20,40.5,2,10,5");
    Found found = Found.at(folder, IMPORTER);
    String point = "gpu_a/n2/qps2/latency_metrics_1.csv/run_1";
    assertThat(found.value(point, "e2e", "mean")).isEqualTo(100.5e6);
    assertThat(found.value(point, "e2e", "p99")).isEqualTo(250e6);
    assertThat(found.value(point, "ttft", "p50")).isEqualTo(20e6);
    assertThat(found.value(point, "output_token_throughput", "single")).isEqualTo(40.5);
    assertThat(found.summaries).hasSize(4);
    RunSummaryRow row = found.summaries.get(0);
    assertThat(row.origin()).isEqualTo("measured");
    assertThat(row.device()).isEqualTo("gpu_a");
    assertThat(row.devices()).isEqualTo(8);
    assertThat(row.requestRatePerSecond()).isEqualTo(2.0);
    assertThat(row.promptTokens()).isEqualTo(5.0);
    assertThat(row.outputTokens()).isEqualTo(2.5);
    assertThat(row.clock()).isEqualTo("client");
    assertThat(row.specJson()).isEqualTo("{\"Max_Batch_Tokens\":512}");
  }

  @Test
  void latenciesOfVidurAreSecondsOfItsClock() {
    String header =
        "source,Timestamp,Model,Num_Replicas,Tensor_Parallel,Pipeline_Parallel,E2E_Avg,Exec_P90,"
            + "TTFT_P99";
    file(
        folder,
        "vidur_latency_metrics_all.csv",
        header,
        "h/compute_h_p5/network_h/qps0.25/latency_metrics_1.csv,t1,m/tiny,1,1,1,7.25,7,",
        "a_default/chunk512/qps25/latency_metrics_1.csv,t1,m/tiny,1,1,1,7.25,7,0.5");
    Found found = Found.at(folder, IMPORTER);
    String point = "h/compute_h_p5/network_h/qps0.25/latency_metrics_1.csv/t1";
    assertThat(found.value(point, "e2e", "mean")).isEqualTo(7.25e9);
    assertThat(found.value(point, "model_execution", "p90")).isEqualTo(7e9);
    assertThat(found.summaries).hasSize(5);
    assertThat(found.summaries.get(0).device()).isEqualTo("h_p5");
    assertThat(found.summaries.get(0).requestRatePerSecond()).isEqualTo(0.25);
    assertThat(found.summaries.get(0).origin()).isEqualTo("simulated");
    assertThat(found.summaries.get(4).device()).isEqualTo("a_default");
    assertThat(found.summaries.get(4).requestRatePerSecond()).isEqualTo(25.0);
  }

  @Test
  void aFileOfOneExperimentHasNoSource() {
    file(
        folder,
        "qps8/latency_metrics_1.csv",
        "Timestamp,Model,Num_Replicas,Tensor_Parallel,Pipeline_Parallel,E2E_Avg,Exec_Avg",
        "t1,m/tiny,1,1,1,7.25,7");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.value("qps8/latency_metrics_1.csv/t1", "e2e", "mean")).isEqualTo(7.25e9);
    assertThat(found.summaries.get(0).device()).isNull();
  }

  @Test
  void brokenLatenciesAreExplained() {
    Path file = file(folder, "vllm_latency_metrics_all.csv", VLLM + ",Total_Gen_P95", "");
    assertBadInput(
        folder, IMPORTER, file + ":1: unknown column Total_Gen_P95. Maybe: Total_Gen_P90");
    file(
        folder,
        "vllm_latency_metrics_all.csv",
        VLLM,
        "gpu_a/n2/qps2/l.csv,run_1,m/tiny,2,0,1,512,2.0,,100.5,250,20,40.5,2,10,5");
    assertBadInput(folder, IMPORTER, file + ":2: Tensor_Parallel (0) must be positive");
    file(folder, "vllm_latency_metrics_all.csv", VLLM, "gpu_a/n2/qps2/l.csv,run_1,m/ti");
    assertBadInput(
        folder,
        IMPORTER,
        file + ":2: 3 fields, but the header has 16. Maybe the file was cut off.");
  }

  @Test
  void oneFileOfTheGridIsTakenAlone() {
    runs(RUNS, "7,gpu_a,a/qps2,m/tiny,2,1,4,512,256,2.5,prompts.txt,,8,512,1");
    requests(REQUESTS, "7,0,0.0,100,3,0.007,0.2,0.25");
    Path points =
        file(
            folder,
            "latency_metrics_1.csv",
            "Timestamp,Model,Num_Replicas,Tensor_Parallel,Pipeline_Parallel,E2E_Avg,Exec_Avg",
            "t1,m/tiny,1,1,1,7.25,7");
    assertThat(IMPORTER.parts(folder)).hasSize(2);
    assertThat(IMPORTER.parts(points)).extracting(Part::files).containsExactly(List.of(points));
    assertThat(Found.at(folder.resolve("runs.csv"), IMPORTER).runs).hasSize(1);
  }
}
