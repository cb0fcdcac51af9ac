package io.plumbline.jobs.conformance;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.jobs.conformance.CompassCase.Compared;
import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.DieArea;
import io.plumbline.simulator.compass.DieCost;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulMapping;
import io.plumbline.simulator.compass.MatmulOperator;
import io.plumbline.simulator.compass.MatmulShape;
import io.plumbline.simulator.compass.Roofline;
import io.plumbline.simulator.compass.RowOperators;
import io.plumbline.simulator.compass.TransformerBlock;
import io.plumbline.simulator.compass.TransformerBlock.Parts;
import java.util.List;

/** Kinds of tables of LLMCompass's results, and what of each row is compared. */
enum CompassTable {
  /** Products and batched products. */
  MATMUL("device", "M", "N", "K", "batch", "latency_s") {
    @Override
    void compare(CsvRow row, Compared to) {
      HardwareSystem system = to.system(row.required("device"));
      MapperMode mode = to.mode(row);
      MatmulShape shape =
          new MatmulShape(row.count("M"), row.count("N"), row.count("K"), wordBytes(row));
      MatmulOperator operator = to.matmuls(system, mode);
      Roofline roofline = new Roofline(system.device());
      if (row.required("op").equals("bmm")) {
        long batch = row.count("batch");
        to.number("latency_s", operator.batchedSeconds(batch, shape));
        to.number("roofline_s", roofline.batchedMatmulSeconds(batch, shape));
        return;
      }
      MatmulOperator.Result found = operator.matmul(shape);
      to.number("latency_s", found.seconds());
      to.number("roofline_s", roofline.matmulSeconds(shape));
      if (found.cycles() != null) {
        to.number("cycles", found.cycles());
      }
      boolean square = system.device().array().height() == system.device().array().width();
      to.mapping(mappingText(found.mapping()), square);
    }
  },

  /** Softmax and layer norm. */
  ROWS("device", "M", "N", "latency_s", "l1_double_buffer", "l1_M") {
    @Override
    void compare(CsvRow row, Compared to) {
      Accelerator device = to.system(row.required("device")).device();
      long rows = row.count("M");
      long columns = row.count("N");
      RowOperators operators = new RowOperators(device);
      boolean softmax = row.required("op").equals("softmax");
      RowOperators.Result found =
          softmax
              ? operators.softmax(rows, columns)
              : operators.layerNorm(rows, columns, to.mode(row));
      Roofline roofline = new Roofline(device);
      to.number("latency_s", found.seconds(device));
      to.number("cycles", found.cycles());
      to.number("l2_M", found.rowsOfBuffer());
      to.number("l1_M", found.tileRows());
      to.number("l1_N", found.tileColumns());
      to.number(
          "roofline_s",
          softmax
              ? roofline.softmaxSeconds(rows, columns, wordBytes(row))
              : roofline.layerNormSeconds(rows, columns, wordBytes(row)));
    }

    @Override
    boolean fits(List<String> columns) {
      return super.fits(columns) && !columns.contains("K");
    }
  },

  /** GELU. */
  GELU("device", "elements", "latency_s") {
    @Override
    void compare(CsvRow row, Compared to) {
      Accelerator device = to.system(row.required("device")).device();
      long elements = row.count("elements");
      to.number("latency_s", new RowOperators(device).geluSeconds(elements));
      to.number("roofline_s", new Roofline(device).geluSeconds(elements));
    }
  },

  /** All-reduce. */
  ALL_REDUCE("interconnect", "bytes", "latency_s") {
    @Override
    void compare(CsvRow row, Compared to) {
      String links =
          switch (row.required("interconnect")) {
            case "NVLinkV3_FC_4" -> "A100_80GB_fp16";
            case "TPUv3Link_8" -> "TPUv3";
            default -> row.required("interconnect");
          };
      to.number("latency_s", to.system(links).links().allReduceSeconds(row.count("bytes")));
    }
  },

  /** Transformer blocks. */
  BLOCK("system", "phase", "d_model", "Q_K_V", "latency_s") {
    @Override
    void compare(CsvRow row, Compared to) {
      HardwareSystem system = to.system(row.required("system"));
      TransformerBlock block =
          new TransformerBlock(
              system,
              to.matmuls(system, to.mode(row)),
              Math.toIntExact(row.count("d_model")),
              Math.toIntExact(row.count("n_heads")),
              Math.toIntExact(row.count("tp")));
      boolean prefill = row.required("phase").equals("init");
      long batch = row.count("batch");
      long tokens = row.count("seq");
      parts(prefill ? block.prefillParts(batch, tokens) : block.decodeParts(batch, tokens), to);
      to.number(
          "roofline_s",
          (prefill ? block.prefillRoofline(batch, tokens) : block.decodeRoofline(batch, tokens))
              .total());
    }

    private void parts(Parts parts, Compared to) {
      to.number("latency_s", parts.total());
      to.number("Q_K_V", parts.qkv());
      to.number("Q_mul_K", parts.queryKey());
      to.number("A_mul_V", parts.attentionValue());
      to.number("Wo_proj", parts.output());
      to.number("W1_proj", parts.up());
      to.number("W2_proj", parts.down());
      to.number("Softmax", parts.softmax());
      to.number("LayerNorm_MHA", parts.attentionNorm());
      to.number("LayerNorm_FFN", parts.mlpNorm());
      to.number("GeLU", parts.gelu());
      to.number("AllReduce_MHA", parts.attentionAllReduce());
      to.number("AllReduce_FFN", parts.mlpAllReduce());
    }
  },

  /** Areas of dies. */
  AREA("config", "compute_chiplet_mm2", "io_die_mm2") {
    @Override
    void compare(CsvRow row, Compared to) {
      HardwareSystem system = CompassDies.of(row.required("config"));
      to.known(row.required("config"), system);
      if (system.die() == null) {
        to.text("error", row.text("error") == null ? "none" : "no area", "no area");
        return;
      }
      DieArea area = DieArea.of(system.device(), system.links(), system.die());
      to.number("compute_chiplet_mm2", area.computeChiplet());
      to.number("io_die_mm2", area.ioDie());
      to.number("total_mm2", area.total());
      to.number("core_total", area.core());
      to.number("core_control", area.control());
      to.number("core_alu", area.arithmetic());
      to.number("core_sa", area.arrays());
      to.number("core_regfile", area.registers());
      to.number("core_local_buffer", area.localBuffer());
      to.number("cores_area", area.cores());
      to.number("crossbar_area", area.crossbar());
      to.number("global_buffer", area.globalBuffer());
      to.number("mem_phy", area.memoryPhy());
      to.number("mem_ctrl", area.memoryControl());
      to.number("device_phy", area.linkPhy());
      to.number("device_ctrl", area.linkControl());
    }
  },

  /** Costs of dies. */
  COST("process_nm", "die_area_mm2", "cost_per_good_die_usd") {
    @Override
    void compare(CsvRow row, Compared to) {
      DieCost.Wafer wafer = DieCost.Wafer.of(Math.toIntExact(row.count("process_nm")));
      to.known(row.required("process_nm") + " nm", wafer);
      DieCost cost = DieCost.of(wafer, row.decimal("die_area_mm2").doubleValue());
      to.number("dies_per_wafer", cost.diesPerWafer());
      to.number("yield_alpha3", cost.yield());
      to.number("wafer_cost_usd", wafer.dollars());
      to.number("cost_per_good_die_usd", cost.dollarsPerGoodDie());
    }
  },

  /** Devices, as the performance model sees them. */
  DEVICE("name", "core_count", "clock_hz", "sa_height") {
    @Override
    void compare(CsvRow row, Compared to) {
      Accelerator device = to.system(row.required("name")).device();
      to.number("core_count", device.cores());
      to.number("clock_hz", device.clockHz());
      to.number("l2_bytes", device.globalBufferBytes());
      to.number("l2_bw_bytes_per_cycle", device.globalBufferBytesPerCycle());
      to.number("mem_bw_bytes_per_s", device.memoryBytesPerSecond());
      to.number("sa_height", device.array().height());
      to.number("sa_width", device.array().width());
      to.number("sa_mac_per_cycle", device.array().macPerCycle());
      to.number("sa_input_word", device.array().inputBytes());
      to.number("sa_output_word", device.array().outputBytes());
      to.number("sa_count_per_core", device.arraysPerCore());
      to.number("sram_bytes_per_core", device.localBufferBytes());
      to.number("vector_flops_per_cycle_per_core", device.vector().flopsPerCycle());
      to.number("vector_width", device.vector().width());
      to.number("vector_count", device.vector().count());
      to.number("flops_per_exp", device.vector().flopsPerExp());
      to.number("ovh_matmul_s", device.overheads().matmulSeconds());
      to.number("ovh_softmax_s", device.overheads().softmaxSeconds());
      to.number("ovh_layernorm_s", device.overheads().layerNormSeconds());
      to.number("ovh_gelu_s", device.overheads().geluSeconds());
      to.number("mem_capacity_bytes", device.memoryBytes());
      to.text("vector_dtype", row.required("vector_dtype"), "fp" + 8 * device.vector().wordBytes());
    }
  };

  private final List<String> columns;

  CompassTable(String... columns) {
    this.columns = List.of(columns);
  }

  /** The table with such columns; null if it is none of these. */
  static CompassTable of(List<String> columns) {
    for (CompassTable table : values()) {
      if (table.fits(columns)) {
        return table;
      }
    }
    return null;
  }

  boolean fits(List<String> has) {
    return has.containsAll(columns);
  }

  /** The column that says which case a row belongs to. */
  String deviceColumn() {
    return columns.get(0);
  }

  abstract void compare(CsvRow row, Compared to);

  private static int wordBytes(CsvRow row) {
    return switch (row.required("dtype")) {
      case "int8" -> 1;
      case "fp16" -> 2;
      case "fp32" -> 4;
      default -> throw row.bad("dtype", "must be int8, fp16 or fp32");
    };
  }

  /** As the columns from l2_M to l0_K have it. */
  private static String mappingText(MatmulMapping mapping) {
    return mapping == null
        ? ""
        : "%d,%d,%d,%s,%d,%d,%d,%s,%s,%d,%d,%d"
            .formatted(
                mapping.m2(),
                mapping.n2(),
                mapping.k2(),
                mapping.doubleBuffered() ? "True" : "False",
                mapping.m1(),
                mapping.n1(),
                mapping.k1(),
                mapping.memoryOrder().word(),
                mapping.bufferOrder().word(),
                mapping.split().m(),
                mapping.split().n(),
                mapping.split().k());
  }
}
