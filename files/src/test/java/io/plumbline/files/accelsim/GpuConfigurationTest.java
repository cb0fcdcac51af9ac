package io.plumbline.files.accelsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.gpu.SetIndex;
import io.plumbline.trace.gpu.UnitTiming;
import io.plumbline.trace.gpu.WarpOrder;
import io.plumbline.trace.kernel.ExecutionUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuConfigurationTest {
  private static final String GPU =
      """
      # a GPU that nobody makes
      -gpgpu_sub_core_model 1
      -gpgpu_compute_capability_major 8
      -gpgpu_n_clusters 5
      -gpgpu_n_cores_per_cluster 2
      -gpgpu_kernel_launch_latency 700
      -gpgpu_TB_launch_latency 3
      -gpgpu_clock_domains 1000.5:900:800:700
      -gpgpu_shader_core_pipeline 1024:32
      -gpgpu_shader_cta 16
      -gpgpu_shader_registers 32768
      -gpgpu_shmem_size 49152
      -gpgpu_num_sched_per_core 4
      -gpgpu_scheduler gto
      -gpgpu_operand_collector_num_units_gen 8
      -gpgpu_num_reg_banks 16
      -gpgpu_operand_collector_num_in_ports_gen 6
      -gpgpu_adaptive_cache_config 1
      -gpgpu_shmem_option 0,8,48
      -gpgpu_unified_l1d_size 64
      -gpgpu_l1_banks 2
      -gpgpu_l1_cache_write_ratio 25
      -gpgpu_cache:dl1 S:4:128:32,L:T:m:L:X,A:256:8,16:0,32
      -gpgpu_l1_latency 21
      -gpgpu_smem_latency 22
      -gpgpu_cache:dl2 S:64:128:16,L:B:m:L:P,A:192:4,32:0,32
      -gpgpu_l2_rop_latency 150
      -gpgpu_dram_partition_queues 64:65:66:67
      -dram_latency 90
      -gpgpu_frfcfs_dram_sched_queue_size 40
      -gpgpu_dram_return_queue_size 50
      -gpgpu_dram_buswidth 16
      -gpgpu_dram_burst_length 2
      -dram_data_command_freq_ratio 2
      -gpgpu_dram_timing_opt "nbk=16:CCD=1:RRD=3:RCD=12:RAS=28:RP=12:RC=40:
                              CL=13:WL=2:CDLR=3:WR=10:nbkgrp=4:CCDL=2:RTPL=3"
      -gpgpu_n_mem 8
      -gpgpu_n_sub_partition_per_mchannel 2
      -gpgpu_mem_addr_mapping dramid@8;00000000.00000000.00000000.00000000.0000RRRR.RRRRRRRR.RBBBCCCB.CCCSSSSS
      -gpgpu_memory_partition_indexing 2
      -a_thing_that_nobody_models 1
      """;

  private static final String TRACE =
      """
      -trace_opcode_latency_initiation_int 4,2
      -trace_opcode_latency_initiation_sp 5,3
      -trace_opcode_latency_initiation_dp 8,4
      -trace_opcode_latency_initiation_sfu 20,8
      -trace_opcode_latency_initiation_spec_op_1 4,4
      -trace_opcode_latency_initiation_spec_op_2 200,4
      -trace_opcode_latency_initiation_spec_op_3 16,9
      """;

  @TempDir private Path dir;

  private GpuSpec read(String gpu) throws IOException {
    Files.writeString(dir.resolve("gpgpusim.config"), gpu);
    Files.writeString(dir.resolve("trace.config"), TRACE);
    return GpuConfiguration.read(dir);
  }

  @Test
  void everyOptionFindsItsPlace() throws IOException {
    GpuSpec gpu = read(GPU);
    assertThat(gpu.sms()).isEqualTo(10);
    assertThat(gpu.launchCycles()).isEqualTo(700);
    assertThat(gpu.launchCyclesPerCta()).isEqualTo(3);
    assertThat(gpu.clocks().coreMhz()).isEqualTo(1000.5);
    assertThat(gpu.clocks().dramMhz()).isEqualTo(700);
    assertThat(gpu.core().warps()).isEqualTo(32);
    assertThat(gpu.core().order()).isEqualTo(WarpOrder.GREEDY_THEN_OLDEST);
    assertThat(gpu.core().collectorPorts()).isEqualTo(6);
    assertThat(gpu.core().units())
        .containsEntry(ExecutionUnit.FP32, new UnitTiming(5, 3))
        .containsEntry(ExecutionUnit.TENSOR, new UnitTiming(16, 9))
        .containsEntry(ExecutionUnit.UNIFORM, new UnitTiming(4, 2));
    assertThat(gpu.l1().cache().index()).isEqualTo(SetIndex.XOR);
    assertThat(gpu.l1().cache().ways()).isEqualTo(32);
    assertThat(gpu.l1().cache().dirtyPercent()).isEqualTo(25);
    assertThat(gpu.l1().sharedOptionsBytes()).isEqualTo(List.of(0, 8192, 49152));
    assertThat(gpu.l2().cache().index()).isEqualTo(SetIndex.POLYNOMIAL);
    assertThat(gpu.l2().toDramQueue()).isEqualTo(65);
    assertThat(gpu.dram().atomBytes()).isEqualTo(32);
    assertThat(gpu.dram().timing().cl()).isEqualTo(13);
    assertThat(gpu.addresses().slices()).isEqualTo(16);
    // RBBBCCCB are bits 15 to 8: bits 14 to 12 and 8.
    assertThat(gpu.addresses().bankMask()).isEqualTo(0x7100);
    assertThat(gpu.addresses().rowMask()).isEqualTo(0xfff8000);
    assertThat(GpuConfiguration.computeCapabilityMajor(dir)).isEqualTo(8);
  }

  @Test
  void whatIsNotModelledIsRefusedByNameAndValue() {
    assertThatThrownBy(() -> read(GPU.replace("scheduler gto", "scheduler two_level")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("gpgpu_scheduler")
        .hasMessageContaining("two_level")
        .hasMessageContaining("is not modelled. Known: gto, lrr");
    assertThatThrownBy(() -> read(GPU.replace("sub_core_model 1", "sub_core_model 0")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("must be 1, no other is modelled");
    assertThatThrownBy(() -> read(GPU.replace("indexing 2", "indexing 4")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("must be 0 or 2, no other is modelled");
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    assertThatThrownBy(() -> read(GPU.replace("-gpgpu_l1_latency 21\n", "")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("there is no option -gpgpu_l1_latency");
    assertThatThrownBy(() -> read(GPU.replace("CL=13:", "")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("gpgpu_dram_timing_opt");
    assertThatThrownBy(() -> GpuConfiguration.read(dir.resolve("nowhere")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no such file");
  }
}
