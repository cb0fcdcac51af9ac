package io.plumbline.jobs;

import static io.plumbline.jobs.ParquetFiles.row;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tables in aiconfigurator's layout for {@code plumbline/tiny} on one or two H100: every product
 * takes 1 ms (0.5 in FP8), attention 2, an all-reduce 0.01 in a graph and 0.02 without.
 */
public final class KernelTableFiles {
  private KernelTableFiles() {}

  /** Writes them below a folder, in this version. */
  public static void write(Path root, String version) throws IOException {
    Path system = root.resolve("h100_sxm");
    ParquetFiles.write(system.resolve("gemm/vllm/" + version + "/gemm_perf.parquet"), products());
    ParquetFiles.write(
        system.resolve("attention/vllm/" + version + "/context_attention_perf.parquet"),
        attention(0));
    ParquetFiles.write(
        system.resolve("attention/vllm/" + version + "/generation_attention_perf.parquet"),
        attention(1));
    ParquetFiles.write(
        system.resolve("comm/vllm/" + version + "/custom_allreduce_perf.parquet"), allReduces());
    ParquetFiles.write(system.resolve("comm/nccl/2.27.3/nccl_perf.parquet"), nccl());
  }

  private static List<Map<String, Object>> products() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String format : new String[] {"bfloat16", "fp8"}) {
      for (int m : new int[] {1, 4096}) {
        for (int n : new int[] {1, 65536}) {
          for (int k : new int[] {1, 65536}) {
            double ms = format.equals("fp8") ? 0.5 : 1;
            rows.add(row("gemm_dtype", format, "m", m, "n", n, "k", k, "latency", ms));
          }
        }
      }
    }
    return rows;
  }

  private static List<Map<String, Object>> attention(int firstStep) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int heads : new int[] {4, 8}) {
      for (int batch : new int[] {1, 512}) {
        for (int tokens : new int[] {1, 4096}) {
          // Decodes state their context as one token and those before it.
          int isl = firstStep == 0 ? tokens : 1;
          int step = firstStep == 0 ? 0 : tokens;
          rows.add(attention(heads, batch, isl, step, 0, 2.0));
          rows.add(attention(heads, batch, isl, step, 128, 99.0));
        }
      }
    }
    return rows;
  }

  private static Map<String, Object> attention(
      int heads, int batch, int isl, int step, int window, double ms) {
    return row(
        "batch_size",
        batch,
        "isl",
        isl,
        "step",
        step,
        "num_heads",
        heads,
        "num_key_value_heads",
        heads / 2,
        "head_dim",
        32,
        "attn_dtype",
        "bfloat16",
        "kv_cache_dtype",
        "bfloat16",
        "window_size",
        window,
        "latency",
        ms);
  }

  private static List<Map<String, Object>> allReduces() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int size : new int[] {1, 1 << 28}) {
      rows.add(row("num_gpus", 2, "message_size", size, "backend", "vllm_graph", "latency", 0.01));
      rows.add(row("num_gpus", 2, "message_size", size, "backend", "vllm_eager", "latency", 0.02));
    }
    return rows;
  }

  private static List<Map<String, Object>> nccl() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int size : new int[] {1, 1 << 28}) {
      for (String operation : new String[] {"all_reduce", "all_gather"}) {
        rows.add(
            row(
                "op_name",
                operation,
                "nccl_dtype",
                "half",
                "num_gpus",
                2,
                "message_size",
                size,
                "latency",
                0.03));
      }
    }
    return rows;
  }
}
