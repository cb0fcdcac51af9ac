package io.plumbline.jobs.original;

import io.plumbline.jobs.ingest.BlisReplayImporter;
import io.plumbline.jobs.ingest.Importer;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BLIS, by its {@code replay}: the workload as a TraceV2, its trained physics for the times. Its
 * scheduler is vLLM's of v1, so only points with {@code vllm_v1} are expressed; prompts have no
 * common prefixes. Its clock ticks in microseconds.
 *
 * @see <a href="https://github.com/inference-sim/inference-sim">inference-sim</a>
 */
final class BlisOriginal implements Original {
  private static final Map<String, String> DEVICES =
      Map.of("h100-sxm", "H100", "a100-80gb", "A100-80", "l40s", "L40S");
  private static final String COLUMNS =
      "request_id,client_id,tenant_id,slo_class,session_id,round_index,prefix_group,prefix_length,"
          + "streaming,input_tokens,output_tokens,text_tokens,image_tokens,audio_tokens,"
          + "video_tokens,reason_ratio,model,deadline_us,server_input_tokens,arrival_time_us,"
          + "send_time_us,first_chunk_time_us,last_chunk_time_us,num_chunks,status,error_message,"
          + "finish_reason";

  /** Ten years: by default it stops at twice the last arrival, with requests still running. */
  private static final String HORIZON_MICROS = "315360000000000";

  @Override
  public String engine() {
    return "blis (original)";
  }

  @Override
  public String folder() {
    return "blis";
  }

  @Override
  public String commit() {
    return "f90a1e3";
  }

  @Override
  public String licence() {
    return "Apache-2.0";
  }

  @Override
  public long toleranceNanos() {
    return 1_000;
  }

  @Override
  public Importer importer() {
    return new BlisReplayImporter();
  }

  @Override
  public List<String> prepare(SimulationSpec point, Workload workload, Path scratch)
      throws IOException {
    String device = DEVICES.get(point.deployment().device().name());
    if (device == null) {
      throw new IllegalArgumentException(
          "BLIS has no device %s, only %s"
              .formatted(point.deployment().device().name(), DEVICES.keySet()));
    }
    if (!(point.scheduler() instanceof VllmV1Spec scheduler)) {
      throw new IllegalArgumentException("BLIS has vLLM's scheduler of v1 only: kind: vllm_v1");
    }
    if (point.deployment().parallelism().pipeline() > 1) {
      throw new IllegalArgumentException("BLIS has no pipeline stages");
    }
    Path header = scratch.resolve("trace.yaml");
    Files.writeString(
        header, "trace_version: 2\ntime_unit: us\nmode: generated\nwarm_up_requests: 0\n");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replay",
                "--trace-header",
                header.toString(),
                "--trace-data",
                trace(workload, scratch).toString(),
                "--results-path",
                scratch.resolve(BlisReplayImporter.RESULTS).toString(),
                "--model",
                point.deployment().model().name().toLowerCase(Locale.ROOT),
                "--latency-model",
                "trained-physics",
                "--hardware",
                device,
                "--tp",
                String.valueOf(point.deployment().parallelism().tensor()),
                "--num-instances",
                String.valueOf(point.replicas()),
                "--max-num-running-reqs",
                String.valueOf(scheduler.maxNumSeqs()),
                "--max-num-scheduled-tokens",
                String.valueOf(scheduler.maxNumBatchedTokens())));
    arguments.addAll(
        List.of(
            "--long-prefill-token-threshold",
            String.valueOf(scheduler.longPrefillTokenThreshold()),
            "--block-size-in-tokens",
            String.valueOf(point.kvCache().blockTokens()),
            "--horizon",
            HORIZON_MICROS));
    if (point.kvCache().blocks() != null) {
      arguments.addAll(List.of("--total-kv-blocks", point.kvCache().blocks().toString()));
    }
    return arguments;
  }

  private static Path trace(Workload workload, Path scratch) throws IOException {
    List<String> lines = new ArrayList<>(List.of(COLUMNS));
    for (Request request : workload.requests()) {
      long arrival = Math.round(request.arrivalNanos() / 1e3);
      lines.add(
          "%d,,,,,0,,0,true,%d,%d,%d,0,0,0,0,,0,0,%d,%d,0,0,0,ok,,"
              .formatted(
                  request.id(),
                  request.promptTokens(),
                  request.outputTokens(),
                  request.promptTokens(),
                  arrival,
                  arrival));
    }
    return Files.write(scratch.resolve(BlisReplayImporter.TRACE), lines);
  }
}
