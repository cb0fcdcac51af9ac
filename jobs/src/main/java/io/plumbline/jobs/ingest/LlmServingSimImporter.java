package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.ingest.ImportedRun.Deployment;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What LLMServingSim predicts, one row per finished request: the CSV of its {@code --output}, with
 * the cluster configuration beside it if there is one.
 *
 * <p>All times are nanoseconds of the simulated clock, which starts with the simulation. TTFT runs
 * from arrival to the end of the first token's computation, as ours does; TPOT is its end minus its
 * first token over output - 1, as ours is, and is checked. Tokens have times where the column ITL
 * is there and adds up. What did not finish is not in the file, so a gap in the ids is an error.
 *
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, reading the output</a>
 */
public final class LlmServingSimImporter implements Importer {
  private static final String HEADER = "instance id,request id,";
  private static final String[] COLUMNS = {
    "instance id",
    "request id",
    "model",
    "input",
    "output",
    "arrival",
    "end_time",
    "latency",
    "queuing_delay",
    "TTFT",
    "TPOT"
  };
  private static final String ITL = "ITL";
  private static final List<String> CONFIGS =
      List.of("llmservingsim_config.json", "config.json", "../config.json");

  private record Row(CsvRow row, long[] gaps) {}

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, LlmServingSimImporter::isOutput).stream()
        .map(LlmServingSimImporter::withConfig)
        .toList();
  }

  private static boolean isOutput(Path file) {
    if (!file.getFileName().toString().endsWith(".csv")) {
      return false;
    }
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      return header != null && header.startsWith(HEADER);
    } catch (IOException e) {
      return false;
    }
  }

  private static Part withConfig(Part part) {
    for (String name : CONFIGS) {
      Path config = part.folder().resolve(name);
      if (Files.isRegularFile(config)) {
        return new Part(part.folder(), List.of(part.file(), config), part.name());
      }
    }
    return part;
  }

  @Override
  public String fileNames() {
    return "CSV files whose header starts with \"instance id,request id\"";
  }

  @Override
  public void read(Part part, Findings findings) {
    Map<Integer, Row> rows = new TreeMap<>();
    new CsvTable(part.file(), COLUMNS).andAtMost(ITL).forEach(row -> put(rows, row));
    RequestLog log = new RequestLog();
    Set<String> models = new TreeSet<>();
    rows.forEach(
        (id, row) -> {
          if (id != log.size()) {
            throw new BadInputException(
                "%s: request id %d is missing; only finished requests are in the file. Maybe the simulation was cut short."
                    .formatted(part.file(), log.size()));
          }
          add(log, row);
          models.add(row.row().required("model"));
        });
    if (rows.isEmpty()) {
      throw new BadInputException("%s: no rows below the header".formatted(part.file()));
    }
    JsonNode config = part.files().size() > 1 ? Json.readTree(part.files().get(1)) : null;
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.OF_THE_LOG,
                List.of(),
                workloadId -> manifest("r" + part.contentHash(), workloadId, only(models), config)),
            deployment(config),
            List.of()));
  }

  private static void put(Map<Integer, Row> rows, CsvRow row) {
    int id = row.integer("request id", 0);
    Row earlier = rows.put(id, new Row(row, gaps(row)));
    if (earlier != null) {
      throw row.bad("request id", "is there already in line " + earlier.row().line());
    }
  }

  private static long[] gaps(CsvRow row) {
    String text = row.text(ITL);
    if (text == null) {
      return null;
    }
    JsonNode list;
    try {
      list = Json.parseTree(row.where(), text);
    } catch (BadInputException e) {
      throw row.bad(ITL, "must be a list of gaps in ns");
    }
    long[] gaps = new long[list.size()];
    for (int i = 0; i < gaps.length; i++) {
      JsonNode gap = list.get(i);
      if (!gap.isIntegralNumber() || gap.longValue() < 0) {
        throw row.bad(ITL, "must be a list of gaps in ns");
      }
      gaps[i] = gap.longValue();
    }
    return gaps;
  }

  private static void add(RequestLog log, Row found) {
    CsvRow row = found.row();
    long arrival = row.nanos("arrival");
    long end = row.nanos("end_time");
    long latency = row.nanos("latency");
    long ttft = row.nanos("TTFT");
    int output = row.integer("output", 1);
    if (latency != end - arrival) {
      throw row.bad("latency", "must be end_time - arrival (%d)".formatted(end - arrival));
    }
    long tpot = output == 1 ? 0 : (latency - ttft) / (output - 1);
    if (Math.abs(row.nanos("TPOT") - tpot) > 1) {
      throw row.bad(
          "TPOT",
          "must be (latency - TTFT) / (output - 1) (%d). Maybe output counts the prompt as well, as in other versions"
              .formatted(tpot));
    }
    log.add(row.where(), arrival, row.integer("input", 1), output)
        .replica(row.integer("instance id", 0))
        .scheduled(arrival + row.nanos("queuing_delay"))
        .firstToken(arrival + ttft)
        .completed(end)
        .tokens(tokens(found.gaps(), arrival + ttft, end, output));
  }

  /** The times of the tokens, if their gaps lead from the first one to the end. */
  private static long[] tokens(long[] gaps, long first, long end, int output) {
    if (gaps == null || gaps.length != output - 1) {
      return null;
    }
    long[] nanos = new long[output];
    nanos[0] = first;
    for (int t = 1; t < output; t++) {
      nanos[t] = nanos[t - 1] + gaps[t - 1];
    }
    return nanos[output - 1] == end ? nanos : null;
  }

  private static RunManifest manifest(
      String runId, String workloadId, String model, JsonNode config) {
    return new RunManifest(
        runId,
        Origin.SIMULATED,
        "llmservingsim",
        workloadId,
        config == null ? null : Json.write(config),
        null,
        null,
        only(values(config, "hardware")),
        model,
        Map.of(),
        null,
        null,
        null);
  }

  private static Deployment deployment(JsonNode config) {
    if (config == null) {
      return Deployment.UNKNOWN;
    }
    String tensor = only(values(config, "tp_size"));
    int instances = config.findValues("model_name").size();
    return new Deployment(
        null,
        null,
        instances == 0 ? null : (Integer) instances,
        tensor == null ? null : Integer.valueOf(tensor),
        null);
  }

  /** The values of a key anywhere in the configuration, whose form differs between versions. */
  private static Set<String> values(JsonNode config, String key) {
    return config == null ? Set.of() : new TreeSet<>(config.findValuesAsText(key));
  }

  /** The value, if all agree on one. */
  private static String only(Set<String> values) {
    return values.size() == 1 ? new ArrayList<>(values).get(0) : null;
  }
}
