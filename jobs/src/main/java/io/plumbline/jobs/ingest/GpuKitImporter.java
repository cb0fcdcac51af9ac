package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.JsonFields;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.run.RunFolder;
import io.plumbline.jobs.ingest.ImportedRun.Deployment;
import io.plumbline.jobs.table.OperatorTiming;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the GPU kit of {@code extern/gpu-kit} leaves: a folder with {@code manifest.json} (schema
 * version 1), runs, and operator profiles in Vidur's layout. Runs are on the clock of the kit's
 * engine, which is also the client. Of each operator the median is taken, in ms; how it was timed
 * ({@code cuda_graph}, {@code eager}, {@code wall}) is its kernel.
 */
public final class GpuKitImporter implements Importer {
  private static final String MANIFEST = "manifest.json";
  private static final int SCHEMA_VERSION = 1;
  private static final String PROFILES = "profiles";
  private static final String RUNS = "runs";
  private static final String MLP = "mlp.csv";
  private static final String ATTENTION = "attention.csv";
  private static final String ALL_REDUCE = "all_reduce.csv";
  private static final String SEND_RECV = "send_recv.csv";
  private static final String CPU_OVERHEADS = "cpu_overheads.csv";
  private static final List<String> TABLES =
      List.of(MLP, ATTENTION, ALL_REDUCE, SEND_RECV, CPU_OVERHEADS);
  private static final String TIME_PREFIX = "time_stats.";
  private static final String MEDIAN = ".median";
  private static final String HOST_MEDIAN = "_median";
  private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);

  /** The kit's folder, as its manifest has it. */
  private record Kit(Path root, String device, String torch, String dtype) {

    /** An operator of a file: the folder below the profiles says how it was timed. */
    OperatorTiming operator(String name, Path file) {
      String method = root.resolve(PROFILES).relativize(file).getName(0).toString();
      return new OperatorTiming(name)
          .framework("pytorch", torch, method)
          .dtype(dtype, null)
          .statistic("median");
    }
  }

  @Override
  public List<Part> parts(Path path) {
    List<Part> parts = new ArrayList<>();
    for (Part run :
        Part.eachFolderWith(
            path,
            "run_meta.json",
            "request_metrics.csv",
            "token_metrics.csv",
            "iteration_metrics.csv")) {
      parts.add(new Part(run.folder(), run.files(), run.folder().getFileName().toString()));
    }
    parts.addAll(Part.eachFile(path, file -> TABLES.contains(file.getFileName().toString())));
    return parts;
  }

  @Override
  public String fileNames() {
    return "folders with manifest.json, runs/ and profiles/";
  }

  @Override
  public void read(Part part, Findings findings) {
    Kit kit = kit(part);
    if (Files.exists(part.folder().resolve("run_meta.json"))) {
      RunFolder.LoadedRun run = RunFolder.read(part.folder());
      findings.run(
          new ImportedRun(
              null, run, deployment(part.folder().resolve("run_meta.json")), List.of()));
    } else {
      readProfile(part.file(), kit, findings);
    }
  }

  private static Kit kit(Part part) {
    Path root = part.folder();
    while (root != null && !Files.exists(root.resolve(MANIFEST))) {
      root = root.getParent();
    }
    if (root == null) {
      throw new BadInputException(
          "%s: no %s in a folder above it. Maybe the kit's folder was not copied whole."
              .formatted(part.file(), MANIFEST));
    }
    JsonFields manifest = JsonFields.read(root.resolve(MANIFEST));
    int version = manifest.requiredInteger("schema_version", 0);
    if (version != SCHEMA_VERSION) {
      throw manifest.bad("schema_version", "is not known. Known: %d".formatted(SCHEMA_VERSION));
    }
    requireListed(manifest, root, part);
    JsonNode commands = manifest.node().path("commands");
    return new Kit(
        root,
        manifest.text("device"),
        text(commands.findPath("torch")),
        text(commands.findPath("dtype")));
  }

  /** What was being written when the kit was interrupted is not in its manifest. */
  private static void requireListed(JsonFields manifest, Path root, Part part) {
    boolean run = Files.exists(part.folder().resolve("run_meta.json"));
    String name = root.relativize(run ? part.folder() : part.file()).toString().replace('\\', '/');
    for (JsonNode listed : manifest.node().path(run ? RUNS : PROFILES)) {
      if (name.equals(listed.asText())) {
        return;
      }
    }
    throw new BadInputException(
        "%s does not list %s. Maybe the kit was interrupted, or a file was added by hand."
            .formatted(root.resolve(MANIFEST), name));
  }

  private static String text(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }

  private static Deployment deployment(Path meta) {
    JsonFields params = JsonFields.read(meta).object("params");
    return new Deployment(
        params.text("scheduler"), null, 1, params.integer("tensor_parallel", 1), 1);
  }

  private static void readProfile(Path file, Kit kit, Findings findings) {
    switch (file.getFileName().toString()) {
      case MLP -> readMlp(file, kit, findings);
      case ATTENTION -> readAttention(file, kit, findings);
      case CPU_OVERHEADS -> readOverheads(file, kit, findings);
      default -> readNetwork(file, kit, findings);
    }
  }

  /** Vidur's layout names the model by its folders, below the device's. */
  private static String model(Path file, Kit kit) {
    Path below = kit.root().resolve(PROFILES).relativize(file.getParent());
    return below.subpath(3, below.getNameCount()).toString().replace('\\', '/');
  }

  private static void readMlp(Path file, Kit kit, Findings findings) {
    String model = model(file, kit);
    forEachMedian(
        file,
        List.of("num_tokens", "num_tensor_parallel_workers"),
        (row, operator) ->
            findings.operator(
                kit.operator(operator, file)
                    .device(kit.device(), 1)
                    .model(model, row.integer("num_tensor_parallel_workers", 1))
                    .tokens((long) row.integer("num_tokens", 1)),
                nanos(row, TIME_PREFIX + operator + MEDIAN)));
  }

  private static void readAttention(Path file, Kit kit, Findings findings) {
    String model = model(file, kit);
    forEachMedian(
        file,
        List.of(
            "batch_size",
            "prefill_chunk_size",
            "kv_cache_size",
            "n_q_head",
            "n_kv_head",
            "num_tensor_parallel_workers"),
        (row, operator) -> {
          int degree = row.integer("num_tensor_parallel_workers", 1);
          int batch = row.integer("batch_size", 1);
          long tokens = Math.max(row.integer("prefill_chunk_size", 0), 1);
          findings.operator(
              kit.operator(operator, file)
                  .device(kit.device(), 1)
                  .model(model, degree)
                  .batch(batch)
                  .tokens(batch * tokens)
                  .attention(tokens, row.integer("kv_cache_size", 0) + tokens)
                  .heads(
                      row.integer("n_q_head", 1) / degree,
                      row.integer("n_kv_head", 1) / degree,
                      null),
              nanos(row, TIME_PREFIX + operator + MEDIAN));
        });
  }

  private static void readNetwork(Path file, Kit kit, Findings findings) {
    forEachMedian(
        file,
        List.of("num_workers", "size"),
        (row, operator) ->
            findings.operator(
                kit.operator(operator, file)
                    .device(kit.device(), row.integer("num_workers", 2))
                    .bytes((long) row.integer("size", 1)),
                nanos(row, TIME_PREFIX + operator + MEDIAN)));
  }

  private static void readOverheads(Path file, Kit kit, Findings findings) {
    new CsvTable(file, "model_name", "batch_size", "tensor_parallel_degree")
        .forEach(
            row -> {
              for (String column : row.columns()) {
                if (column.endsWith(HOST_MEDIAN)) {
                  String step = column.substring(0, column.length() - HOST_MEDIAN.length());
                  findings.operator(
                      kit.operator(step, file)
                          .device(kit.device(), 1)
                          .model(
                              row.required("model_name"), row.integer("tensor_parallel_degree", 1))
                          .batch(row.integer("batch_size", 1)),
                      nanos(row, column));
                }
              }
            });
  }

  /** Each operator that a row has a time of; a profile lacks those that do not apply. */
  private static void forEachMedian(
      Path file, List<String> required, BiConsumer<CsvRow, String> action) {
    new CsvTable(file, required.toArray(String[]::new))
        .forEach(
            row -> {
              for (String column : row.columns()) {
                if (column.startsWith(TIME_PREFIX)
                    && column.endsWith(MEDIAN)
                    && row.text(column) != null) {
                  action.accept(
                      row,
                      column.substring(TIME_PREFIX.length(), column.length() - MEDIAN.length()));
                }
              }
            });
  }

  private static double nanos(CsvRow row, String column) {
    BigDecimal millis = row.decimal(column);
    if (millis.signum() < 0) {
      throw row.bad(column, "must not be negative");
    }
    return millis.multiply(NANOS_PER_MILLI).doubleValue();
  }
}
