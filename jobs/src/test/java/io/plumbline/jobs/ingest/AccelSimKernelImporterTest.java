package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.table.KernelTimingRow;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccelSimKernelImporterTest {
  private static final Importer IMPORTER = new AccelSimKernelImporter();
  private static final String NCU =
      "cfg,workload,params,cycle_sim,cycle_ncu,winsn_sim,winsn_ncu,dram_sim_pct,dram_ncu_pct,n_kernels,cycle_err_pct";
  private static final String PERF =
      "Benchmark,Kernel,L1_RH,L1_RM,L2_RH,L2_RM,DRAM_Rd,Elapsed_Cycles";
  private static final String POWER = "gpu,variant,benchmark,suite,kernel,sim_total_w,hw_total_w";

  @TempDir Path folder;

  @Test
  void bothSidesOfAKernelAreRows() {
    file(
        folder,
        "a_ncu_vs_accelsim.csv",
        NCU,
        "G1,gemm,\"M=1, N=2\",1500,1000,3000,4000,20,25,2,50.0");
    Found found = Found.at(folder, IMPORTER);
    KernelTimingRow measured = found.kernels.get(0);
    KernelTimingRow simulated = found.kernels.get(1);
    assertThat(found.kernels).hasSize(2);
    assertThat(measured.origin()).isEqualTo("measured");
    assertThat(measured.tool()).isEqualTo("nsight-compute");
    assertThat(measured.program()).isEqualTo("G1");
    assertThat(measured.kernel()).isEqualTo("gemm");
    assertThat(measured.shape()).isEqualTo("M=1, N=2");
    assertThat(measured.kernels()).isEqualTo(2);
    assertThat(measured.cycles()).isEqualTo(1000);
    // 4000 warp instructions in 1000 cycles; 25 % of DRAM's peak.
    assertThat(measured.ipc()).isEqualTo(4);
    assertThat(measured.dramUtilization()).isEqualTo(0.25);
    assertThat(simulated.origin()).isEqualTo("simulated");
    assertThat(simulated.tool()).isEqualTo("accel-sim");
    assertThat(simulated.cycles()).isEqualTo(1500);
    assertThat(simulated.ipc()).isEqualTo(2);
    assertThat(simulated.dramUtilization()).isEqualTo(0.2);
    assertThat(simulated.device()).as("the file does not say").isNull();
  }

  @Test
  void hitRatesAreWorkedOutAndTheRestIsKept() {
    file(folder, "hw_perf.csv", PERF, "bfs,k1,30,10,0,0,7,100.5");
    KernelTimingRow row = Found.at(folder, IMPORTER).kernels.get(0);
    assertThat(row.cycles()).isEqualTo(100.5);
    assertThat(row.l1ReadHitRate()).isEqualTo(0.75);
    assertThat(row.l2ReadHitRate()).as("nothing was read").isNull();
    assertThat(row.ipc()).isNull();
    assertThat(row.countersJson())
        .isEqualTo("{\"L1_RH\":30.0,\"L1_RM\":10.0,\"L2_RH\":0.0,\"L2_RM\":0.0,\"DRAM_Rd\":7.0}");
  }

  @Test
  void aMeasuredPowerIsTakenOnceForAllModesOfTheModel() {
    file(
        folder,
        "power_hw_vs_sim.csv",
        POWER,
        "Volta,SASS_SIM,bfs,Rodinia,bfs_k1,110,100",
        "Volta,PTX_SIM,bfs,Rodinia,bfs_k1,90,100",
        "Turing,SASS_SIM,bfs,Rodinia,bfs_k1,95,80");
    assertThat(Found.at(folder, IMPORTER).kernels)
        .extracting(row -> row.device() + " " + row.variant() + " " + row.meanPowerWatts())
        .containsExactly(
            "Volta null 100.0",
            "Volta SASS_SIM 110.0",
            "Volta PTX_SIM 90.0",
            "Turing null 80.0",
            "Turing SASS_SIM 95.0");
  }

  @Test
  void theFirstColumnOfAValidationHasNoName() {
    file(
        folder,
        "hw_power_validation_volta.csv",
        ",mean HW_power,st_dev,var,#samples",
        "bfs_k1,219.8,0.25,0.0625,5");
    KernelTimingRow row = Found.at(folder, IMPORTER).kernels.get(0);
    assertThat(row.kernel()).isEqualTo("bfs_k1");
    assertThat(row.meanPowerWatts()).isEqualTo(219.8, within(1e-9));
    assertThat(row.countersJson()).isEqualTo("{\"st_dev\":0.25,\"samples\":5}");
  }

  @Test
  void brokenFilesAreExplained() {
    Path perf = file(folder, "hw_perf.csv", PERF + ",L3_RH", "bfs,k1,30,10,0,0,7,100.5,1");
    assertBadInput(folder, IMPORTER, perf + ":1: unknown column L3_RH. Maybe: L1_RH");
    file(folder, "hw_perf.csv", PERF, "bfs,k1,30,10,0,0,7,0");
    assertBadInput(folder, IMPORTER, perf + ":2: Elapsed_Cycles (0) must be positive");
    file(folder, "hw_perf.csv", "Gpu,Kernel", "x,1");
    assertBadInput(folder, IMPORTER, perf + ":1: unknown first column Gpu. Maybe: gpu");
    file(folder, "hw_perf.csv", PERF, "bfs,k1,30,10,0,0,7,1");
    Path power =
        file(
            folder,
            "power_hw_vs_sim.csv",
            POWER,
            "Volta,SASS_SIM,bfs,Rodinia,bfs_k1,110,100",
            "Volta,PTX_SIM,bfs,Rodinia,bfs_k1,90,101");
    assertBadInput(
        folder,
        IMPORTER,
        power + ":3: hw_total_w (101) is not what an earlier row has of the same (100.0)");
  }
}
