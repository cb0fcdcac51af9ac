package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.gpu.AddressMapping;
import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.ClockSpec;
import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.gpu.DramSpec;
import io.plumbline.trace.gpu.DramTiming;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.gpu.L1Spec;
import io.plumbline.trace.gpu.L2Spec;
import io.plumbline.trace.gpu.SetIndex;
import io.plumbline.trace.gpu.UnitTiming;
import io.plumbline.trace.gpu.WarpOrder;
import io.plumbline.trace.kernel.ExecutionUnit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A GPU from the configuration files of Accel-Sim: {@code gpgpusim.config} and {@code trace.config}
 * of a folder. Options of what is not modelled are ignored.
 */
public final class GpuConfiguration {
  private static final int LANES = 32;
  private static final int POLYNOMIAL_INDEXING = 2;
  private static final String SCHEDULER = "gpgpu_scheduler";
  private static final String INDEXING = "gpgpu_memory_partition_indexing";
  private static final String LATENCY = "trace_opcode_latency_initiation_";

  private final GpuOptions options;

  private GpuConfiguration(GpuOptions options) {
    this.options = options;
  }

  /**
   * Reads the GPU of a folder.
   *
   * @throws BadInputException if an option is missing, wrong or asks for what is not modelled
   */
  public static GpuSpec read(Path folder) {
    try {
      return new GpuConfiguration(options(folder)).spec();
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /**
   * The generation of the GPU of a folder: 7 is Volta, 8 Ampere.
   *
   * @throws BadInputException if the option is missing or wrong
   */
  public static int computeCapabilityMajor(Path folder) {
    return options(folder).integer("gpgpu_compute_capability_major");
  }

  private static GpuOptions options(Path folder) {
    Path gpu = folder.resolve("gpgpusim.config");
    if (!Files.exists(gpu)) {
      throw new BadInputException("no such file: %s".formatted(gpu));
    }
    return new GpuOptions(
        Stream.of(gpu, folder.resolve("trace.config")).filter(Files::exists).toList());
  }

  private GpuSpec spec() {
    if (options.integer("gpgpu_sub_core_model", 0) != 1) {
      throw options.has("gpgpu_sub_core_model")
          ? options.bad("gpgpu_sub_core_model", "must be 1, no other is modelled")
          : new BadInputException(
              "there is no option -gpgpu_sub_core_model. Only GPUs with sub-cores are modelled.");
    }
    return new GpuSpec(
        options.integer("gpgpu_n_clusters") * options.integer("gpgpu_n_cores_per_cluster", 1),
        options.integer("gpgpu_kernel_launch_latency", 0),
        options.integer("gpgpu_TB_launch_latency", 0),
        clocks(),
        core(),
        l1(),
        l2(),
        dram(),
        addresses());
  }

  private ClockSpec clocks() {
    String name = "gpgpu_clock_domains";
    String[] mhz = options.parts(name, ":", 4);
    return new ClockSpec(
        options.decimalOf(name, mhz[0]),
        options.decimalOf(name, mhz[1]),
        options.decimalOf(name, mhz[2]),
        options.decimalOf(name, mhz[3]));
  }

  private CoreSpec core() {
    String pipeline = "gpgpu_shader_core_pipeline";
    return new CoreSpec(
        options.integerOf(pipeline, options.parts(pipeline, ":", 2)[0]) / LANES,
        options.integer("gpgpu_shader_cta"),
        options.integer("gpgpu_shader_registers"),
        options.integer("gpgpu_shmem_size"),
        options.integer("gpgpu_num_sched_per_core"),
        order(),
        options.integer("gpgpu_operand_collector_num_units_gen"),
        options.integer("gpgpu_num_reg_banks"),
        options.integer("gpgpu_operand_collector_num_in_ports_gen"),
        options.integer("gpgpu_reg_file_port_throughput", 1),
        options.integer("gpgpu_inst_fetch_throughput", 1),
        units());
  }

  private WarpOrder order() {
    String name = options.text(SCHEDULER);
    return switch (name) {
      case "gto" -> WarpOrder.GREEDY_THEN_OLDEST;
      case "lrr" -> WarpOrder.LOOSE_ROUND_ROBIN;
      default -> throw options.bad(SCHEDULER, "is not modelled. Known: gto, lrr");
    };
  }

  private Map<ExecutionUnit, UnitTiming> units() {
    Map<ExecutionUnit, UnitTiming> units = new EnumMap<>(ExecutionUnit.class);
    units.put(ExecutionUnit.FP32, unit("sp"));
    units.put(ExecutionUnit.INT, unit("int"));
    units.put(ExecutionUnit.FP64, unit("dp"));
    units.put(ExecutionUnit.SFU, unit("sfu"));
    units.put(ExecutionUnit.BRANCH, unit("spec_op_1"));
    units.put(ExecutionUnit.TEXTURE, unit("spec_op_2"));
    units.put(ExecutionUnit.TENSOR, unit("spec_op_3"));
    // Volta has no uniform unit and its traces no uniform instructions.
    units.put(
        ExecutionUnit.UNIFORM,
        options.has(LATENCY + "spec_op_4") ? unit("spec_op_4") : unit("int"));
    return units;
  }

  private UnitTiming unit(String word) {
    String name = LATENCY + word;
    String[] cycles = options.parts(name, ",", 2);
    return new UnitTiming(options.integerOf(name, cycles[0]), options.integerOf(name, cycles[1]));
  }

  private CacheSpec cache(String name, int dirtyPercent) {
    String[] parts = options.parts(name, "[:,]", 13);
    if (!parts[0].equals("S")) {
      throw options.bad(name, "must be sectored (S:…), no other is modelled");
    }
    SetIndex index =
        switch (parts[8]) {
          case "L" -> SetIndex.LINEAR;
          case "X" -> SetIndex.XOR;
          case "P" -> SetIndex.POLYNOMIAL;
          default -> throw options.bad(name, "must have an index L, X or P, not " + parts[8]);
        };
    return new CacheSpec(
        options.integerOf(name, parts[1]),
        options.integerOf(name, parts[3]),
        index,
        options.integerOf(name, parts[10]),
        options.integerOf(name, parts[11]),
        options.integerOf(name, parts[12]),
        dirtyPercent);
  }

  private L1Spec l1() {
    List<Integer> sharedBytes = new ArrayList<>();
    if (options.integer("gpgpu_adaptive_cache_config", 0) == 1) {
      String name = "gpgpu_shmem_option";
      for (String kilobytes : options.parts(name, ",", 1)) {
        sharedBytes.add(options.integerOf(name, kilobytes) << 10);
      }
    }
    return new L1Spec(
        cache("gpgpu_cache:dl1", options.integer("gpgpu_l1_cache_write_ratio", 0)),
        options.integer("gpgpu_l1_banks", 1),
        options.integer("gpgpu_l1_latency"),
        options.integer("gpgpu_smem_latency"),
        options.integer("gpgpu_unified_l1d_size", 0) << 10,
        sharedBytes,
        options.integer("gpgpu_gmem_skip_L1D", 0) == 1);
  }

  private L2Spec l2() {
    String queues = "gpgpu_dram_partition_queues";
    String[] sizes = options.parts(queues, ":", 4);
    return new L2Spec(
        cache("gpgpu_cache:dl2", options.integer("gpgpu_l2_cache_write_ratio", 0)),
        options.integer("gpgpu_l2_rop_latency"),
        options.integerOf(queues, sizes[0]),
        options.integerOf(queues, sizes[1]),
        options.integerOf(queues, sizes[2]),
        options.integerOf(queues, sizes[3]));
  }

  private DramSpec dram() {
    int burst = options.integer("gpgpu_dram_burst_length");
    return new DramSpec(
        options.integer("dram_latency"),
        options.integer("gpgpu_frfcfs_dram_sched_queue_size"),
        options.integer("gpgpu_dram_return_queue_size"),
        burst
            * options.integer("gpgpu_dram_buswidth")
            * options.integer("gpgpu_n_mem_per_ctrlr", 1),
        burst / options.integer("dram_data_command_freq_ratio"),
        options.integer("dram_dual_bus_interface", 0) == 1,
        timing());
  }

  private DramTiming timing() {
    String name = "gpgpu_dram_timing_opt";
    Map<String, Integer> cycles = new HashMap<>();
    for (String part : options.parts(name, ":", 14)) {
      String[] pair = part.strip().split("=", -1);
      if (pair.length != 2) {
        throw options.bad(name, "must have pairs NAME=CYCLES, not " + part);
      }
      cycles.put(pair[0], options.integerOf(name, pair[1]));
    }
    List<String> names =
        List.of(
            "nbk", "nbkgrp", "CCD", "RRD", "RCD", "RAS", "RP", "RC", "CL", "WL", "CDLR", "WR",
            "CCDL", "RTPL");
    for (String needed : names) {
      if (!cycles.containsKey(needed)) {
        throw options.bad(name, "must have " + needed);
      }
    }
    return new DramTiming(
        cycles.get("nbk"),
        cycles.get("nbkgrp"),
        cycles.get("CCD"),
        cycles.get("RRD"),
        cycles.get("RCD"),
        cycles.get("RAS"),
        cycles.get("RP"),
        cycles.get("RC"),
        cycles.get("CL"),
        cycles.get("WL"),
        cycles.get("CDLR"),
        cycles.get("WR"),
        cycles.get("CCDL"),
        cycles.get("RTPL"));
  }

  private AddressMapping addresses() {
    String name = "gpgpu_mem_addr_mapping";
    String[] parts = options.parts(name, "[@;]", 3);
    int indexing = options.integer(INDEXING, 0);
    if (indexing != 0 && indexing != POLYNOMIAL_INDEXING) {
      throw options.bad(INDEXING, "must be 0 or 2, no other is modelled");
    }
    return new AddressMapping(
        options.integer("gpgpu_n_mem"),
        options.integer("gpgpu_n_sub_partition_per_mchannel"),
        options.integerOf(name, parts[1]),
        mask(parts[2], 'B'),
        mask(parts[2], 'R'),
        indexing == POLYNOMIAL_INDEXING);
  }

  /** The bits, from the highest on, that a letter marks. */
  private static long mask(String bits, char letter) {
    long mask = 0;
    int count = 0;
    for (char bit : bits.toCharArray()) {
      if (bit != '.' && bit != '|' && bit != ' ') {
        mask = mask << 1 | (bit == letter ? 1 : 0);
        count++;
      }
    }
    return mask << (Long.SIZE - count);
  }
}
