package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.jobs.table.RunSummaryRow;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of splitwise-sim and of aiconfigurator's silicon points. */
class SmallTablesTest {
  private static final String SPLITWISE =
      "model,hardware,prompt_size,batch_size,token_size,peak_power,average_power,prompt_time,"
          + "token_time,e2e_time,tensor_parallel";
  private static final String SILICON =
      "id,silicon_data_source,backend,backend_version,model_path,system,precision,mode,isl,osl,"
          + "batch_size,tp_size,pp_size,moe_ep_size,prefill_num_workers,silicon_ttft_ms,"
          + "silicon_tpot_ms";

  @TempDir Path folder;

  @Test
  void aRowOfSplitwiseIsAPoint() {
    file(
        folder,
        "perf_model.csv",
        SPLITWISE,
        "llama2-70b,a100-80gb,512,4,128,1.0000125,0.75,196.2532191537321,54.5,7168.5,2",
        "llama2-70b,a100-80gb,512,4,128,1.0000125,0.75,196.2532191537321,54.5,7168.5,2");
    Found found = Found.at(folder, new SplitwiseImporter());
    assertThat(found.summaries).hasSize(2 * 5);
    assertThat(found.value("line 2", "ttft", "single")).isEqualTo(196_253_219.1537321);
    assertThat(found.value("line 2", "tpot", "single")).isEqualTo(54.5e6);
    assertThat(found.value("line 2", "e2e", "single")).isEqualTo(7168.5e6);
    assertThat(found.value("line 2", "peak_power_to_tdp", "single")).isEqualTo(1.0000125);
    RunSummaryRow row = found.summaries.get(0);
    assertThat(row.device()).isEqualTo("a100-80gb");
    assertThat(row.tensorParallel()).isEqualTo(2);
    assertThat(row.batchSize()).isEqualTo(4);
    assertThat(row.promptTokens()).isEqualTo(512.0);
    assertThat(row.clock()).isNull();
    assertThat(found.summaries.stream().map(RunSummaryRow::pointId).distinct())
        .as("equal measurements are still two")
        .hasSize(2);
  }

  @Test
  void brokenTablesOfSplitwiseAreExplained() {
    Importer importer = new SplitwiseImporter();
    Path csv = file(folder, "perf_model.csv", SPLITWISE + ",power_w", "");
    assertThat(catchThrowable(() -> Found.at(folder, importer)))
        .hasMessageStartingWith(csv + ":1: unknown column power_w. Known: model,");
    file(folder, "perf_model.csv", SPLITWISE, "llama2-70b,a100-80gb,512");
    assertBadInput(
        folder, importer, csv + ":2: 3 fields, but the header has 11. Maybe the file was cut off.");
    file(folder, "perf_model.csv", SPLITWISE, "m,d,512,1,128,1,1,fast,1,1,2");
    assertBadInput(folder, importer, csv + ":2: prompt_time (fast) must be a number");
  }

  @Test
  void siliconPointsAreAggregatedOrNot() {
    file(
        folder,
        "silicon_sample.csv",
        SILICON,
        "a,x; silicon_concurrency=128; y,vllm,0.19.0,m/tiny,b300_sxm,fp8,agg,8192,1024,64.0,4.0,"
            + "1.0,2.0,,972.5,33.25",
        "b,x,trtllm,,m/tiny,gb200,fp4,disagg,1024,512,,,,,3.0,1.5,");
    Found found = Found.at(folder, new AiConfiguratorSiliconImporter());
    assertThat(found.summaries).hasSize(3);
    assertThat(found.value("a", "ttft", "single")).isEqualTo(972.5e6);
    assertThat(found.value("a", "tpot", "single")).isEqualTo(33.25e6);
    assertThat(found.value("b", "ttft", "single")).isEqualTo(1.5e6);
    RunSummaryRow agg = found.summaries.get(0);
    assertThat(agg.engine()).isEqualTo("vllm");
    assertThat(agg.engineVersion()).isEqualTo("0.19.0");
    assertThat(agg.device()).isEqualTo("b300_sxm");
    assertThat(agg.concurrency()).isEqualTo(128);
    assertThat(agg.batchSize()).isEqualTo(64);
    assertThat(agg.tensorParallel()).isEqualTo(4);
    assertThat(agg.expertParallel()).isEqualTo(2);
    RunSummaryRow disagg = found.summaries.get(2);
    assertThat(disagg.tensorParallel()).isNull();
    assertThat(disagg.concurrency()).isNull();
    assertThat(disagg.engineVersion()).isNull();
    assertThat(disagg.specJson())
        .isEqualTo("{\"silicon_data_source\":\"x\",\"mode\":\"disagg\",\"prefill_num_workers\":3}");
  }

  @Test
  void brokenSiliconPointsAreExplained() {
    Importer importer = new AiConfiguratorSiliconImporter();
    Path csv = file(folder, "silicon_sample.csv", SILICON.replace("precision", "precisio"), "");
    assertBadInput(folder, importer, csv + ":1: unknown column precisio. Maybe: precision");
    file(folder, "silicon_sample.csv", SILICON, "a,x,vllm,,m,s,fp8,split,8,8,,,,,,1,1");
    assertBadInput(folder, importer, csv + ":2: mode (split) must be one of agg, disagg");
    file(folder, "silicon_sample.csv", SILICON, "a,x,vllm,,m,s,fp8,agg,8");
    assertBadInput(
        folder, importer, csv + ":2: 9 fields, but the header has 17. Maybe the file was cut off.");
  }
}
