package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.KernelTimingRow;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.Origin;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelErrorTest {
  @TempDir Path results;

  @Test
  void anErrorAgainstTheDeviceIsNotOneAgainstAccelSim() {
    write("s1", measured(90), measured(110));
    write("s2", simulated("accel-sim", "a100", 130), simulated("accel-sim", "qv100", 200));
    write("s3", simulated("trace-sm", "a100", 143));
    SparkSession spark = SharedSpark.session();
    Tables.register(spark, results.toString());
    List<String> errors =
        spark
            .sql(
                "SELECT concat_ws(' ', reference_origin, simulated_tool, configuration,"
                    + " reference_value, CAST(round(percent_error) AS INT)) AS line"
                    + " FROM kernel_error WHERE metric = 'cycles' ORDER BY line")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    // Two launches of 90 and 110 cycles are a mean of 100; 143 is 10 % above Accel-Sim's 130.
    assertThat(errors)
        .containsExactly(
            "measured accel-sim a100 100.0 30",
            "measured accel-sim qv100 100.0 100",
            "measured trace-sm a100 100.0 43",
            "simulated trace-sm a100 130.0 10");
  }

  private static KernelTiming measured(double cycles) {
    return new KernelTiming(Origin.MEASURED, "add(float *)")
        .tool("nsight-compute", null)
        .program(null, "vecadd")
        .position(1)
        .cycles(cycles);
  }

  private static KernelTiming simulated(String tool, String configuration, double cycles) {
    return new KernelTiming(Origin.SIMULATED, "_Z3addPf")
        .tool(tool, null)
        .configuration(configuration)
        .program(null, "vecadd")
        .position(1)
        .cycles(cycles);
  }

  private void write(String sourceId, KernelTiming... kernels) {
    try (SourceWriter writer = new SourceWriter(results.toString(), sourceId)) {
      for (KernelTiming kernel : kernels) {
        KernelTimingRow row = kernel.row(sourceId);
        writer.write(Table.KERNEL_TIMING, row);
      }
      writer.publish(
          new SourceRow(sourceId, "test", "x", null, null, null, 0, 0, kernels.length, 0, 0, 0));
    }
  }
}
