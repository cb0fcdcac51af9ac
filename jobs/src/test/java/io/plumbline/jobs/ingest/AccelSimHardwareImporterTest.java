package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.KernelTimingRow;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccelSimHardwareImporterTest {
  private static final Importer IMPORTER = new AccelSimHardwareImporter();
  private static final String HEADER =
      "\"ID\",\"Kernel Name\",\"Block Size\",\"Grid Size\",\"gpc__cycles_elapsed.avg\","
          + "\"smsp__inst_executed.sum\",\"l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum\","
          + "\"l1tex__t_sectors_pipe_lsu_mem_global_op_ld_lookup_hit.sum\"";
  private static final String UNITS =
      "\"\",\"\",\"\",\"\",\"cycle\",\"inst\",\"sector\",\"sector\"";

  @TempDir Path folder;

  @Test
  void kernelsAreNamedByFoldersAndOrder() {
    file(
        folder,
        "vecadd/NO_ARGS/24.11.26.csv.nsight",
        HEADER,
        UNITS,
        "\"0\",\"add(float *)\",\"(32, 1, 1)\",\"(4, 1, 1)\",\"1,250.5\",\"5,002\",\"200\",\"50\"",
        "\"1\",\"mul(float *)\",\"(32, 1, 1)\",\"(4, 1, 1)\",\"900\",\"450\",\"0\",\"0\"");
    List<KernelTimingRow> rows = Found.at(folder, IMPORTER).kernels;
    assertThat(rows).hasSize(2);
    KernelTimingRow first = rows.get(0);
    assertThat(first.origin()).isEqualTo("measured");
    assertThat(first.program()).isEqualTo("vecadd/NO_ARGS");
    assertThat(first.position()).isEqualTo(1);
    assertThat(first.cycles()).isEqualTo(1250.5);
    assertThat(first.ipc()).isEqualTo(4);
    assertThat(first.l1ReadHitRate()).isEqualTo(0.25);
    assertThat(first.l2ReadHitRate()).as("not counted").isNull();
    assertThat(rows.get(1).l1ReadHitRate()).as("nothing was read").isNull();
  }

  @Test
  void aKernelThatWasNotCountedIsNamed() {
    Path broken =
        file(
            folder,
            "vecadd/NO_ARGS/x.csv.gpc__cycles_elapsed.0",
            HEADER,
            UNITS,
            "\"0\",\"add\",\"(1)\",\"(1)\",\"0\",\"1\",\"1\",\"1\"");
    assertBadInput(
        folder,
        IMPORTER,
        broken
            + ":3: gpc__cycles_elapsed.avg (0) must be positive. Maybe the kernel was not counted"
            + " whole.");
  }
}
