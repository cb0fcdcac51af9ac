package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.table.OperatorTimingRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuKitImporterTest {
  private static final Importer IMPORTER = new GpuKitImporter();
  private static final String COMPUTE = "profiles/eager/compute/h100-sxm/own/tiny/";

  @TempDir Path folder;

  private void manifest(String profiles, String runs) {
    file(
        folder,
        "manifest.json",
        "{\"schema_version\": 1, \"device\": \"NVIDIA H100 80GB HBM3\",",
        " \"commands\": [{\"dtype\": \"bfloat16\", \"before\": {\"torch\": \"2.11.0\"}}],",
        " \"profiles\": [%s], \"runs\": [%s]}".formatted(profiles, runs));
  }

  private void run() {
    file(
        folder,
        "runs/tiny-w-2/request_metrics.csv",
        "request_id,arrival_time_ns,first_token_time_ns,ttft_ns,completion_time_ns,"
            + "num_prefill_tokens,num_decode_tokens,num_decode_tokens_actual,status,backend,"
            + "scheduled_time_ns,replica",
        "0,5,25,20,45,7,2,2,ok,gpu-kit,6,0");
    file(
        folder,
        "runs/tiny-w-2/token_metrics.csv",
        "request_id,token_index,token_time_ns,token_latency_ns",
        "0,0,25,0",
        "0,1,45,20");
    file(
        folder,
        "runs/tiny-w-2/run_meta.json",
        "{\"backend\": \"gpu-kit\", \"run_type\": \"real\", \"model\": \"own/tiny\",",
        " \"git_commit\": \"abc1234\",",
        " \"params\": {\"scheduler\": \"sarathi\", \"repeat\": 2, \"tensor_parallel\": 4},",
        " \"env\": {\"torch\": \"2.11.0\", \"cuda_device_name\": \"NVIDIA H100 80GB HBM3\"}}");
  }

  @Test
  void aRunIsTakenInWithWhatItRanOn() {
    manifest("", "\"runs/tiny-w-2\"");
    run();
    Found found = Found.at(folder, IMPORTER);
    ImportedRun imported = found.runs.get(0);
    LoadedRun run = imported.run();
    assertThat(run.manifest().engine()).isEqualTo("gpu-kit");
    assertThat(run.manifest().device()).isEqualTo("NVIDIA H100 80GB HBM3");
    assertThat(run.manifest().model()).isEqualTo("own/tiny");
    assertThat(run.trace().requests().get(0).ttftNanos()).isEqualTo(20);
    assertThat(run.trace().tokens().tokens(0)).isEqualTo(2);
    assertThat(imported.deployment())
        .isEqualTo(new ImportedRun.Deployment("sarathi", null, 1, 4, 1));
    assertThat(IMPORTER.parts(folder)).extracting(Part::name).containsExactly("tiny-w-2");
  }

  @Test
  void operatorsComeWithShapeAndWayOfTiming() {
    manifest(
        "\"%1$smlp.csv\", \"%1$sattention.csv\", \"profiles/eager/network/single/all_reduce.csv\","
                .formatted(COMPUTE)
            + "\"profiles/eager/cpu_overhead/single/own/tiny/cpu_overheads.csv\"",
        "");
    file(
        folder,
        COMPUTE + "mlp.csv",
        "time_stats.emb.min,time_stats.emb.median,time_stats.lm_head.median,num_tokens,"
            + "num_tensor_parallel_workers",
        "0.1,0.25,,512,2");
    file(
        folder,
        COMPUTE + "attention.csv",
        "time_stats.attn_decode.median,time_stats.attn_prefill.median,n_q_head,n_kv_head,"
            + "num_tensor_parallel_workers,batch_size,prefill_chunk_size,kv_cache_size",
        "0.011,,32,8,2,4,0,64",
        ",0.1,32,8,2,1,128,64");
    file(
        folder,
        "profiles/eager/network/single/all_reduce.csv",
        ",time_stats.all_reduce.median,num_workers,size",
        "0,0.02,4,2048");
    file(
        folder,
        "profiles/eager/cpu_overhead/single/own/tiny/cpu_overheads.csv",
        "schedule_mean,schedule_median,model_name,batch_size,tensor_parallel_degree",
        "0.2,0.1,own/tiny,8,1");
    Found found = Found.at(folder, IMPORTER);
    Map<String, OperatorTimingRow> rows =
        found.operators.stream().collect(Collectors.toMap(OperatorTimingRow::operator, row -> row));
    assertThat(rows.keySet())
        .containsExactlyInAnyOrder("emb", "attn_decode", "attn_prefill", "all_reduce", "schedule");
    OperatorTimingRow emb = rows.get("emb");
    assertThat(emb.timeNs()).isEqualTo(250_000);
    assertThat(emb.model()).isEqualTo("own/tiny");
    assertThat(emb.device()).isEqualTo("NVIDIA H100 80GB HBM3");
    assertThat(emb.kernel()).isEqualTo("eager");
    assertThat(emb.dtype()).isEqualTo("bfloat16");
    assertThat(emb.frameworkVersion()).isEqualTo("2.11.0");
    assertThat(emb.tokens()).isEqualTo(512);
    assertThat(emb.tensorParallel()).isEqualTo(2);
    OperatorTimingRow decode = rows.get("attn_decode");
    assertThat(decode.batch()).isEqualTo(4);
    assertThat(decode.queryTokens()).isEqualTo(1);
    assertThat(decode.kvTokens()).isEqualTo(65);
    assertThat(decode.queryHeads()).isEqualTo(16);
    assertThat(decode.kvHeads()).isEqualTo(4);
    OperatorTimingRow prefill = rows.get("attn_prefill");
    assertThat(prefill.tokens()).isEqualTo(128);
    assertThat(prefill.kvTokens()).isEqualTo(192);
    assertThat(rows.get("all_reduce").devices()).isEqualTo(4);
    assertThat(rows.get("all_reduce").bytes()).isEqualTo(2048);
    assertThat(rows.get("schedule").timeNs()).isEqualTo(100_000);
    assertThat(rows.get("schedule").batch()).isEqualTo(8);
  }

  @Test
  void brokenFoldersAreExplained() throws Exception {
    run();
    Path requests = folder.resolve("runs/tiny-w-2/run_meta.json");
    assertBadInput(
        folder,
        IMPORTER,
        requests
            + ": no manifest.json in a folder above it. Maybe the kit's folder was not copied whole.");
    manifest("", "");
    assertBadInput(
        folder,
        IMPORTER,
        folder.resolve("manifest.json")
            + " does not list runs/tiny-w-2. Maybe the kit was interrupted, or a file was added by"
            + " hand.");
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace(": 1,", ": 7,"));
    assertBadInput(folder, IMPORTER, manifest + ": schema_version (7) is not known. Known: 1");
  }

  @Test
  void whatWeMeasuredOurselvesIsWhole() {
    Path measured = Path.of(System.getProperty("plumbline.home", ".."), "datasets", "measured");
    Found found = Found.at(measured, IMPORTER);
    assertThat(found.runs).hasSize(42);
    assertThat(found.runs)
        .allSatisfy(
            imported -> {
              LoadedRun run = imported.run();
              run.trace().requireAccountsFor(run.workload());
              assertThat(run.trace().tokens()).isNotNull();
              assertThat(run.trace().iterations()).isNotEmpty();
              assertThat(run.manifest().device()).isEqualTo("NVIDIA H100 80GB HBM3");
            });
    assertThat(found.operators).hasSizeGreaterThan(10_000);
    assertThat(found.operators).allSatisfy(row -> assertThat(row.timeNs()).isPositive());
  }
}
