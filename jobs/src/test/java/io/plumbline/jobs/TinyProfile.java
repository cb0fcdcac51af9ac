package io.plumbline.jobs;

import io.plumbline.files.Json;
import io.plumbline.files.profile.ProfileMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A profile of the tiny model in Vidur's layout, with times that can be told apart. */
public final class TinyProfile {
  public static final String MODEL = "plumbline/tiny";

  /** In the order of {@link #mlp}: the k-th operator takes k ms more than asked. */
  public static final List<String> OPERATORS =
      List.of(
          "attn_pre_proj",
          "attn_post_proj",
          "attn_rope",
          "mlp_up_proj",
          "mlp_down_proj",
          "mlp_act",
          "input_layernorm",
          "post_attention_layernorm",
          "add");

  public static final String MLP_HEADER =
      OPERATORS.stream().map(TinyProfile::median).collect(Collectors.joining(","))
          + ",n_head,n_kv_head,n_embd,n_expanded_embd,vocab_size,use_gated_mlp,num_tokens,"
          + "num_tensor_parallel_workers";

  public static final String ATTENTION_HEADER =
      "time_stats.attn_kv_cache_save.median,time_stats.attn_decode.median,"
          + "time_stats.attn_prefill.median,n_embd,n_q_head,n_kv_head,block_size,"
          + "num_tensor_parallel_workers,max_model_len,batch_size,prefill_chunk_size,kv_cache_size,"
          + "is_prefill";

  public static final String ALL_REDUCE_HEADER =
      ",time_stats.all_reduce.median,rank,num_workers,size,collective,devices_per_node";

  public static final String SEND_RECV_HEADER =
      ",time_stats.send_recv.median,rank,num_workers,size,collective,devices_per_node";

  private TinyProfile() {}

  public static String median(String operator) {
    return "time_stats." + operator + ".median";
  }

  /** A row of mlp.csv in which the k-th operator takes {@code ms + k}, or 0 if ms is 0. */
  public static String mlp(int tokens, double ms, int tensor) {
    StringBuilder row = new StringBuilder();
    for (int k = 0; k < OPERATORS.size(); k++) {
      row.append(ms == 0 ? 0 : ms + k).append(',');
    }
    return row + "8,4,256,688,4096,True,%d,%d".formatted(tokens, tensor);
  }

  /** A row of attention.csv for one iteration of decodes. */
  public static String decode(int batch, int context, String ms, String saveMs, int tensor) {
    return "%s,%s,,256,8,4,16,%d,4096,%d,0,%d,False".formatted(saveMs, ms, tensor, batch, context);
  }

  /** A row of attention.csv for one chunk of a prompt. */
  public static String prefill(int chunk, int context, String ms, String saveMs, int tensor) {
    return "%s,,%s,256,8,4,16,%d,4096,1,%d,%d,True".formatted(saveMs, ms, tensor, chunk, context);
  }

  /** A row of a network file. */
  public static String network(
      int row, String ms, int workers, long bytes, String collective, int devicesPerNode) {
    return "%d,%s,0,%d,%d,%s,%d".formatted(row, ms, workers, bytes, collective, devicesPerNode);
  }

  /** A whole profile for one device; every operator takes {@code ms} and little more. */
  public static void write(Path root, String device, double ms) {
    Path compute = compute(root, device);
    String attention = Double.toString(ms);
    lines(compute.resolve("mlp.csv"), MLP_HEADER, mlp(1, ms, 1), mlp(64, 2 * ms, 1));
    lines(
        compute.resolve("attention.csv"),
        ATTENTION_HEADER,
        decode(1, 64, attention, "0", 1),
        prefill(16, 0, attention, "0", 1));
  }

  /** A profile for one device with enough rows to learn from; times grow with all sizes. */
  public static void writeLearnable(Path root, String device, double ms) {
    List<String> compute = new ArrayList<>(List.of(MLP_HEADER));
    List<String> attention = new ArrayList<>(List.of(ATTENTION_HEADER));
    for (int step = 0; step < 8; step++) {
      compute.add(mlp(1 + 16 * step, ms * (1 + step), 1));
      for (int context = 0; context <= 128; context += 32) {
        String time = Double.toString(ms * (1 + step + context / 64.0));
        attention.add(decode(1 + step, context, time, "0", 1));
        attention.add(prefill(8 + 8 * step, context, time, "0", 1));
      }
    }
    lines(compute(root, device).resolve("mlp.csv"), compute.toArray(String[]::new));
    lines(compute(root, device).resolve("attention.csv"), attention.toArray(String[]::new));
  }

  /** Times of the host: the k-th takes {@code ms + k} for one request and twice that for eight. */
  public static void writeHost(Path root, String node, double ms, int tensor) {
    StringBuilder one = new StringBuilder("0");
    StringBuilder eight = new StringBuilder("1");
    for (int k = 0; k < 5; k++) {
      one.append(',').append(ms + k);
      eight.append(',').append(2 * (ms + k));
    }
    lines(
        root.resolve("cpu_overhead").resolve(node).resolve(MODEL).resolve("cpu_overheads.csv"),
        ",schedule_median,sampler_e2e_median,prepare_inputs_e2e_median,"
            + "process_model_outputs_median,ray_comm_time_mean,model_name,batch_size,"
            + "tensor_parallel_degree",
        "%s,%s,1,%d".formatted(one, MODEL, tensor),
        "%s,%s,8,%d".formatted(eight, MODEL, tensor));
  }

  /** Says beside a profile how it was measured. */
  public static void writeMeta(Path root, String device, String dtype) {
    ProfileMeta meta =
        new ProfileMeta(
            "q",
            MODEL,
            device,
            null,
            dtype,
            List.of(1),
            16,
            2,
            null,
            -1,
            -1,
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:01:00Z",
            Map.of(),
            "{}");
    lines(ProfileMeta.file(compute(root, device)), Json.pretty(meta));
  }

  /** What {@code conf/quickstart/twin.yaml} looks for below a folder. */
  public static void writeForQuickstart(Path folder) {
    Path profiles = folder.resolve("profiles/quickstart");
    write(profiles, "cpu-host", 1);
    writeMeta(profiles, "cpu-host", "float32");
    writeHost(profiles, "single", 1, 1);
  }

  public static Path compute(Path root, String device) {
    return root.resolve("compute").resolve(device).resolve(MODEL);
  }

  public static void lines(Path file, String... lines) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
