package io.plumbline.jobs.ingest;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.trace.run.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Counters of real devices as Accel-Sim's {@code run_hw.py} takes them for its correlation: what
 * {@code ncu --csv --page raw} prints, in {@code
 * hw_run/device-0/CUDA/PROGRAM/ARGUMENTS/…csv.nsight} or {@code ….gpc__cycles_elapsed.0}, of which
 * there is one per repeat. Program and arguments are called like the folders, as in the traces, so
 * that both sides find each other; kernels by their order.
 *
 * <p>Cycles are the mean of the graphics clusters' elapsed cycles; warp instructions are executed
 * ones; hit rates are sectors of global reads. The second line has units and is left out. Kernels
 * that were not counted whole have no cycles and are errors.
 *
 * @see <a href="https://docs.nvidia.com/nsight-compute/NsightComputeCli">Nsight Compute CLI</a>
 */
public final class AccelSimHardwareImporter implements Importer {
  private static final Pattern FILE =
      Pattern.compile(".*(\\.csv\\.nsight|\\.csv\\.gpc__cycles_elapsed\\.\\d+|_ncu_raw\\.csv)");
  private static final String CYCLES = "gpc__cycles_elapsed.avg";
  private static final String L1 = "l1tex__t_sectors_pipe_lsu_mem_global_op_ld";
  private static final String L2 = "lts__t_sectors_srcunit_tex_op_read";
  private static final int PATH_OF_PROGRAM = 2;

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, file -> FILE.matcher(file.getFileName().toString()).matches());
  }

  @Override
  public String fileNames() {
    return "….csv.nsight, ….csv.gpc__cycles_elapsed.0 or …_ncu_raw.csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    String program = program(part.folder());
    new CsvTable(part.file(), "ID", "Kernel Name", CYCLES)
        .forEach(
            row -> {
              // The line of units has no id.
              if (row.text("ID") != null) {
                findings.kernel(kernel(row, program));
              }
            });
  }

  private static KernelTiming kernel(CsvRow row, String program) {
    return new KernelTiming(Origin.MEASURED, row.required("Kernel Name"))
        .tool("nsight-compute", null)
        .device(
            row.has("device__attribute_display_name")
                ? row.text("device__attribute_display_name")
                : null)
        .program(null, program)
        .position(row.integer("ID", 0) + 1)
        .launch(launch(row), 1)
        .cycles(positive(row, CYCLES))
        .warpInstructions(
            row.has("smsp__inst_executed.sum") ? positive(row, "smsp__inst_executed.sum") : null)
        .readHitRates(
            share(row, L1 + "_lookup_hit.sum", L1 + ".sum"),
            share(row, L2 + "_lookup_hit.sum", L2 + ".sum"));
  }

  private static String launch(CsvRow row) {
    return row.has("Grid Size") && row.has("Block Size")
        ? "grid dim %s, block dim %s"
            .formatted(row.required("Grid Size"), row.required("Block Size"))
        : null;
  }

  private static Double share(CsvRow row, String some, String all) {
    if (!row.has(some) || !row.has(all)) {
      return null;
    }
    double total = number(row, all);
    return total == 0 ? null : (Double) (number(row, some) / total);
  }

  private static double positive(CsvRow row, String column) {
    double value = number(row, column);
    if (value <= 0) {
      throw row.bad(column, "must be positive. Maybe the kernel was not counted whole.");
    }
    return value;
  }

  /** Numbers have commas between the thousands. */
  private static double number(CsvRow row, String column) {
    try {
      return Double.parseDouble(row.required(column).replace(",", ""));
    } catch (NumberFormatException e) {
      throw row.bad(column, "must be a number");
    }
  }

  private static String program(Path folder) {
    int names = folder.getNameCount();
    return names < PATH_OF_PROGRAM
        ? String.valueOf(folder.getFileName())
        : folder.subpath(names - PATH_OF_PROGRAM, names).toString().replace('\\', '/');
  }
}
