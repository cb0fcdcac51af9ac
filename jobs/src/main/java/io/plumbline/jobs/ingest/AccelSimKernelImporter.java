package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.Names;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.trace.run.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Kernels on real devices and in Accel-Sim, as CSV files of four forms, known by their first
 * column.
 *
 * <ul>
 *   <li>{@code …ncu_vs_accelsim.csv}, first {@code cfg}: cycles, warp instructions and DRAM
 *       utilization of Nsight Compute beside those of Accel-Sim. The error that it states follows
 *       from the cycles and is left out.
 *   <li>{@code …hw_perf.csv}, first {@code Benchmark}: the counters that AccelWattch is fed with.
 *       Cycles are means of several launches. Hit rates are worked out from hits and misses; the
 *       rest stays under its own names, in whatever unit the source counts.
 *   <li>{@code …power_hw_vs_sim.csv}, first {@code gpu}: watts measured and modelled by
 *       AccelWattch. The measured ones stand in each mode's row again and are taken once.
 *   <li>{@code …hw_power_validation….csv}, first column without a name: watts measured, a mean of
 *       several runs.
 * </ul>
 *
 * <p>Only the third names the device. The same kernel has different names in different files.
 *
 * @see <a href="https://github.com/accel-sim/accel-sim-framework">Accel-Sim, util/accelwattch</a>
 */
public final class AccelSimKernelImporter implements Importer {
  private static final Pattern FILE =
      Pattern.compile(
          ".*(ncu_vs_accelsim|hw_perf|power_hw_vs_sim|hw_power_validation[a-z_]*)\\.csv");
  private static final String NCU = "cfg";
  private static final String PERF = "Benchmark";
  private static final String MODELLED = "gpu";
  private static final String VALIDATION = "";
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

  private static final List<String> CACHES =
      List.of("L1_RH", "L1_RM", "L1_WH", "L1_WM", "L2_RH", "L2_RM", "L2_WH", "L2_WM");
  private static final List<String> OTHER_COUNTERS =
      List.of(
          "CC_ACC",
          "SHRD_ACC",
          "DRAM_Rd",
          "DRAM_Wr",
          "NOC",
          "Pipeline_Duty",
          "Num_Idle_SMs",
          "Chip Voltage");

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, file -> FILE.matcher(file.getFileName().toString()).matches());
  }

  @Override
  public String fileNames() {
    return "files …ncu_vs_accelsim.csv, …hw_perf.csv, …power_hw_vs_sim.csv and"
        + " …hw_power_validation….csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    Path file = part.file();
    String first = firstColumn(file);
    switch (first) {
      case NCU -> readNcu(file, findings);
      case PERF -> readPerf(file, findings);
      case MODELLED -> readModelled(file, findings);
      case VALIDATION -> readValidation(file, findings);
      default ->
          throw new BadInputException(
              "%s:1: unknown first column %s. %s"
                  .formatted(file, first, Names.hint(first, List.of(NCU, PERF, MODELLED))));
    }
  }

  private static String firstColumn(Path file) {
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      if (header == null) {
        throw new BadInputException("%s: the file is empty".formatted(file));
      }
      return header.split(",", 2)[0].strip();
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private static void readNcu(Path file, Findings findings) {
    new CsvTable(
            file,
            NCU,
            "workload",
            "params",
            "cycle_sim",
            "cycle_ncu",
            "winsn_sim",
            "winsn_ncu",
            "dram_sim_pct",
            "dram_ncu_pct",
            "n_kernels")
        .andAtMost("cycle_err_pct")
        .forEach(
            row -> {
              findings.kernel(ncu(row, Origin.MEASURED, "nsight-compute", "ncu"));
              findings.kernel(ncu(row, Origin.SIMULATED, "accel-sim", "sim"));
            });
  }

  private static KernelTiming ncu(CsvRow row, Origin origin, String tool, String side) {
    return new KernelTiming(origin, row.required("workload"))
        .tool(tool, null)
        .program(null, row.required(NCU))
        .launch(row.text("params"), row.integer("n_kernels", 1))
        .cycles(positive(row, "cycle_" + side))
        .warpInstructions(positive(row, "winsn_" + side))
        .dramUtilization(row.decimal("dram_%s_pct".formatted(side)).divide(PERCENT).doubleValue());
  }

  private static void readPerf(Path file, Findings findings) {
    CsvTable table = new CsvTable(file, PERF, "Kernel", "Elapsed_Cycles");
    table
        .withOneOf(CACHES.toArray(String[]::new))
        .andAtMost(concat(CACHES, OTHER_COUNTERS))
        .forEach(
            row ->
                findings.kernel(
                    new KernelTiming(Origin.MEASURED, row.required("Kernel"))
                        .program(null, row.required(PERF))
                        .cycles(positive(row, "Elapsed_Cycles"))
                        .readHitRates(
                            hitRate(row, "L1_RH", "L1_RM"), hitRate(row, "L2_RH", "L2_RM"))
                        .counters(counters(row))));
  }

  private static String[] concat(List<String> some, List<String> others) {
    String[] all = some.toArray(new String[some.size() + others.size()]);
    for (int i = 0; i < others.size(); i++) {
      all[some.size() + i] = others.get(i);
    }
    return all;
  }

  private static Double hitRate(CsvRow row, String hits, String misses) {
    Double hit = row.amountOrNull(hits);
    Double miss = row.amountOrNull(misses);
    return hit == null || miss == null || hit + miss == 0 ? null : (Double) (hit / (hit + miss));
  }

  private static String counters(CsvRow row) {
    ObjectNode counters = JsonNodeFactory.instance.objectNode();
    for (String column : concat(CACHES, OTHER_COUNTERS)) {
      Double value = row.amountOrNull(column);
      if (value != null) {
        counters.put(column, value);
      }
    }
    return Json.write(counters);
  }

  private static void readModelled(Path file, Findings findings) {
    Map<List<String>, Double> measured = new HashMap<>();
    new CsvTable(
            file, MODELLED, "variant", "benchmark", "suite", "kernel", "sim_total_w", "hw_total_w")
        .andAtMost()
        .forEach(
            row -> {
              double watts = positive(row, "hw_total_w");
              Double before =
                  measured.putIfAbsent(
                      List.of(
                          row.required(MODELLED),
                          row.required("benchmark"),
                          row.required("kernel")),
                      watts);
              if (before == null) {
                findings.kernel(power(row, Origin.MEASURED).meanPowerWatts(watts));
              } else if (before != watts) {
                throw row.bad(
                    "hw_total_w",
                    "is not what an earlier row has of the same (%s)".formatted(before));
              }
              findings.kernel(
                  power(row, Origin.SIMULATED)
                      .tool("accelwattch", row.required("variant"))
                      .meanPowerWatts(positive(row, "sim_total_w")));
            });
  }

  private static KernelTiming power(CsvRow row, Origin origin) {
    return new KernelTiming(origin, row.required("kernel"))
        .device(row.required(MODELLED))
        .program(row.text("suite"), row.required("benchmark"));
  }

  private static void readValidation(Path file, Findings findings) {
    new CsvTable(file, VALIDATION, "mean HW_power", "st_dev", "var", "#samples")
        .andAtMost()
        .forEach(
            row -> {
              ObjectNode counters = JsonNodeFactory.instance.objectNode();
              counters.put("st_dev", row.decimal("st_dev"));
              counters.put("samples", row.integer("#samples", 1));
              findings.kernel(
                  new KernelTiming(Origin.MEASURED, row.required(VALIDATION))
                      .tool("nvml", null)
                      .meanPowerWatts(positive(row, "mean HW_power"))
                      .counters(Json.write(counters)));
            });
  }

  private static double positive(CsvRow row, String column) {
    double value = row.number(column);
    if (value <= 0) {
      throw row.bad(column, "must be positive");
    }
    return value;
  }
}
