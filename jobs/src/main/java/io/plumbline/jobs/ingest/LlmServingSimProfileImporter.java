package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.OperatorTiming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Profiles of LLMServingSim: folders {@code tp1}, {@code tp2} and so on with {@code dense.csv},
 * {@code per_sequence.csv}, {@code attention.csv} and, for mixtures of experts, {@code moe.csv};
 * {@code meta.yaml} lies one folder up.
 *
 * <p>Times are microseconds of the kernels of one layer, as vLLM's own layer-wise profiler sees
 * them on one device of the group, without CUDA graphs. The fits of {@code skew_fit.csv} are no
 * times and are left out.
 *
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, profiler</a>
 */
public final class LlmServingSimProfileImporter implements Importer {
  private static final String META = "meta.yaml";
  private static final String VERSION = "1.0.0";
  private static final String DENSE = "dense.csv";
  private static final String PER_SEQUENCE = "per_sequence.csv";
  private static final String ATTENTION = "attention.csv";
  private static final String MOE = "moe.csv";
  private static final List<String> TABLES = List.of(DENSE, PER_SEQUENCE, ATTENTION, MOE);

  /** What all operators of a folder have in common. */
  private record Common(String device, String vllm, String model, String variant, int tensor) {
    OperatorTiming operator(String name) {
      return new OperatorTiming(name)
          .device(device, 1)
          .framework("vllm", vllm, null)
          .model(model, tensor)
          .dtype(variant, null);
    }
  }

  @Override
  public List<Part> parts(Path path) {
    List<Part> parts = new ArrayList<>();
    for (Part part : Part.eachFolderWith(path, DENSE, PER_SEQUENCE, ATTENTION, MOE)) {
      if (part.folder().getFileName().toString().matches("tp\\d+")) {
        List<Path> files = new ArrayList<>(part.files());
        files.add(part.folder().resolveSibling(META));
        parts.add(new Part(part.folder(), files, part.name()));
      }
    }
    return parts;
  }

  @Override
  public String fileNames() {
    return "folders tp1, tp2, … with dense.csv, below one with meta.yaml";
  }

  @Override
  public void read(Part part, Findings findings) {
    Common common = common(part.folder());
    for (String table : TABLES) {
      Path file = part.folder().resolve(table);
      if (Files.exists(file)) {
        read(file, table, row -> findings.operator(timing(table, row, common), time(row)));
      }
    }
  }

  private static Common common(Path folder) {
    Path file = folder.resolveSibling(META);
    if (!Files.exists(file)) {
      throw new BadInputException("no such file: " + file);
    }
    ConfNode meta = ConfNode.read(file);
    String version = text(meta, "profiler_version");
    if (!VERSION.equals(version)) {
      throw new BadInputException(
          "%s: profiler_version (%s) is not known. Known: %s".formatted(file, version, VERSION));
    }
    int tensor = Integer.parseInt(folder.getFileName().toString().substring(2));
    return new Common(
        text(meta, "gpu"),
        text(meta, "vllm_version"),
        text(meta, "model"),
        text(meta, "variant"),
        tensor);
  }

  private static String text(ConfNode meta, String key) {
    ConfNode value = meta.entries().get(key);
    if (value == null) {
      throw new BadInputException("%s: missing key %s".formatted(meta.file(), key));
    }
    return value.text();
  }

  private static void read(Path file, String table, Consumer<CsvRow> action) {
    String[] columns =
        switch (table) {
          case DENSE -> new String[] {"layer", "tokens", "time_us"};
          case PER_SEQUENCE -> new String[] {"layer", "sequences", "time_us"};
          case ATTENTION ->
              new String[] {"prefill_chunk", "kv_prefill", "n_decode", "kv_decode", "time_us"};
          default -> new String[] {"tokens", "activated_experts", "time_us"};
        };
    new CsvTable(file, columns).andAtMost().forEach(action);
  }

  private static OperatorTiming timing(String table, CsvRow row, Common common) {
    return switch (table) {
      case DENSE -> common.operator(row.required("layer")).tokens(row.count("tokens"));
      case PER_SEQUENCE ->
          common.operator(row.required("layer")).batch(row.integer("sequences", 0));
      case ATTENTION -> attention(row, common.operator("attention"));
      default ->
          common.operator("moe").tokens(row.count("tokens")).shape(shape(row, "activated_experts"));
    };
  }

  /** One prefill chunk and any number of decodes share the kernel; either may be absent. */
  private static OperatorTiming attention(CsvRow row, OperatorTiming operator) {
    long chunk = row.count("prefill_chunk");
    int decodes = row.integer("n_decode", 0);
    operator
        .tokens(chunk + decodes)
        .shape(shape(row, "prefill_chunk", "kv_prefill", "n_decode", "kv_decode"));
    if (decodes == 0) {
      operator.batch(1).attention(chunk, chunk + row.count("kv_prefill"));
    } else if (chunk == 0) {
      operator.batch(decodes).attention(1L, row.count("kv_decode"));
    }
    return operator;
  }

  private static String shape(CsvRow row, String... columns) {
    Map<String, Long> shape = new LinkedHashMap<>();
    for (String column : columns) {
      shape.put(column, row.count(column));
    }
    return Json.write(shape);
  }

  private static double time(CsvRow row) {
    if (row.decimal("time_us").signum() <= 0) {
      throw row.bad("time_us", "must be positive");
    }
    return Nanos.ofMicros(row.decimal("time_us"));
  }
}
