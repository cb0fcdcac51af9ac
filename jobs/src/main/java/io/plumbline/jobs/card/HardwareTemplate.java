package io.plumbline.jobs.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.JsonFields;
import io.plumbline.files.Names;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.DeviceLinks;
import io.plumbline.simulator.compass.DeviceLinks.Topology;
import io.plumbline.simulator.compass.Die;
import io.plumbline.simulator.compass.Die.ArrayType;
import io.plumbline.simulator.compass.Die.Interface;
import io.plumbline.simulator.compass.Die.ProcessNode;
import io.plumbline.simulator.compass.Die.RegisterFiles;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.LaunchOverheads;
import io.plumbline.simulator.compass.SystolicArray;
import io.plumbline.simulator.compass.VectorUnit;
import io.plumbline.simulator.latency.LlmcompassSpec;
import io.plumbline.simulator.latency.LlmcompassTunedSpec;
import io.plumbline.simulator.latency.PredictorSpec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A hardware description in LLMCompass's JSON, as its {@code configs} folder has them. What the
 * original ignores is ignored: the number format of the vector units, launch overheads of the
 * device. What only the area model needs may be absent; the device has no area then.
 *
 * @see <a href="https://github.com/PrincetonUniversity/LLMCompass/tree/main/configs">configs</a>
 */
public final class HardwareTemplate {
  private static final int FLOPS_PER_EXP = 35;
  private static final int VECTOR_WORD_BYTES = 2;
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private final Path file;
  private final JsonFields root;
  private final JsonFields device;
  private final JsonFields chiplet;
  private final JsonFields core;
  private final JsonFields io;

  private HardwareTemplate(Path file) {
    this.file = file;
    this.root = JsonFields.read(file);
    this.device = root.object("device");
    this.chiplet = device.object("compute_chiplet");
    this.core = chiplet.object("core");
    this.io = device.object("io");
  }

  /**
   * Reads a description.
   *
   * @throws BadInputException naming the file and the key that is missing or wrong
   */
  public static HardwareSystem read(Path file) {
    HardwareTemplate template = new HardwareTemplate(file);
    try {
      return template.system();
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The description of a name, or of a file.
   *
   * @throws BadInputException if there is neither
   */
  public static HardwareSystem find(String nameOrFile) {
    HardwareSystem builtIn = BuiltInHardware.of(nameOrFile);
    if (builtIn != null) {
      return builtIn;
    }
    if (nameOrFile.endsWith(".json")) {
      return read(Path.of(nameOrFile));
    }
    throw new BadInputException(
        "there is no hardware description %s. %s"
            .formatted(nameOrFile, Names.hint(nameOrFile, BuiltInHardware.names())));
  }

  /** A predictor whose hardware is a file gets what the file says. */
  public static PredictorSpec described(PredictorSpec predictor, PathResolver paths) {
    if (predictor instanceof LlmcompassSpec compass && isFile(compass)) {
      return compass.describedBy(read(paths.resolve(compass.hardware())));
    }
    if (predictor instanceof LlmcompassTunedSpec tuned && isFile(tuned.description())) {
      return tuned.describedBy(read(paths.resolve(tuned.description().hardware())));
    }
    return predictor;
  }

  private static boolean isFile(LlmcompassSpec compass) {
    return compass.hardware() != null && compass.hardware().endsWith(".json");
  }

  private HardwareSystem system() {
    String name = root.text("name");
    return new HardwareSystem(
        name == null ? file.getFileName().toString() : name, accelerator(), links(), die());
  }

  private Accelerator accelerator() {
    JsonFields array = core.object("systolic_array");
    JsonFields vector = core.object("vector_unit");
    int lanes = core.requiredInteger("sublane_count", 1);
    int width = vector.requiredInteger("vector_width", 1);
    int word = wordBytes(array);
    BigDecimal bandwidth =
        io.requiredDecimal("memory_channel_active_count")
            .multiply(io.requiredDecimal("pin_count_per_channel"))
            .multiply(io.requiredDecimal("bandwidth_per_pin_bit"));
    return new Accelerator(
        chiplet.requiredInteger("core_count", 1)
            * device.requiredInteger("compute_chiplet_count", 1),
        number(device, "frequency_Hz"),
        (long) (number(io, "global_buffer_MB") * MIB),
        number(io, "global_buffer_bandwidth_per_cycle_byte"),
        Math.floor(bandwidth.doubleValue() / 8),
        number(device.object("memory"), "total_capacity_GB") * GIB,
        new SystolicArray(
            array.requiredInteger("array_height", 1),
            array.requiredInteger("array_width", 1),
            number(array, "mac_per_cycle"),
            word,
            word),
        lanes,
        (long) (number(core, "SRAM_KB") * KIB),
        new VectorUnit(
            lanes * width * vector.requiredInteger("flop_per_cycle", 1),
            width,
            lanes,
            FLOPS_PER_EXP,
            VECTOR_WORD_BYTES),
        LaunchOverheads.A100);
  }

  private static double number(JsonFields fields, String key) {
    return fields.requiredDecimal(key).doubleValue();
  }

  private static int wordBytes(JsonFields array) {
    return switch (String.valueOf(array.text("data_type"))) {
      case "int8" -> 1;
      case "fp16" -> 2;
      case "fp32" -> 4;
      case "fp64" -> 8;
      default -> throw array.bad("data_type", "must be int8, fp16, fp32 or fp64");
    };
  }

  private DeviceLinks links() {
    JsonFields interconnect = root.object("interconnect");
    JsonFields link = interconnect.object("link");
    return new DeviceLinks(
        root.requiredInteger("device_count", 1),
        "FC".equals(interconnect.text("topology")) ? Topology.FC : Topology.RING,
        interconnect.requiredInteger("link_count_per_device", 1),
        number(link, "bandwidth_per_direction_byte"),
        number(link, "bandwidth_both_directions_byte"),
        number(link, "latency_second"),
        link.requiredInteger("flit_size_byte", 1),
        link.requiredInteger("max_payload_size_byte", 1),
        link.requiredInteger("header_size_byte", 1),
        Double.POSITIVE_INFINITY);
  }

  /** Null if a key of the area model is missing, as it is in some templates. */
  private Die die() {
    JsonFields vector = core.object("vector_unit");
    JsonFields registers = core.object("register_file");
    boolean whole =
        chiplet.has("physical_core_count")
            && registers.has("num_registers")
            && vector.has("int32_count")
            && vector.has("fp16_count")
            && vector.has("fp32_count")
            && vector.has("fp64_count")
            && io.has("physical_global_buffer_MB");
    if (!whole) {
      return null;
    }
    return new Die(
        chiplet.requiredInteger("physical_core_count", 1),
        node(chiplet),
        node(io),
        vector.requiredInteger("vector_width", 1),
        vector.requiredInteger("int32_count", 0),
        vector.requiredInteger("fp16_count", 0),
        vector.requiredInteger("fp32_count", 0),
        vector.requiredInteger("fp64_count", 0),
        arrayType(core.object("systolic_array")),
        new RegisterFiles(
            registers.requiredInteger("num_reg_files", 0),
            registers.requiredInteger("num_registers", 0),
            registers.requiredInteger("register_bitwidth", 0),
            registers.requiredInteger("num_rdwr_ports", 0)),
        Interface.of(device.text("memory_protocol")),
        io.requiredInteger("memory_channel_physical_count", 0),
        number(io, "physical_global_buffer_MB") * MIB,
        Interface.of(root.object("interconnect").object("link").text("name")));
  }

  private static ProcessNode node(JsonFields fields) {
    String text = fields.text("process_node");
    ProcessNode node = text == null ? null : ProcessNode.of(text);
    if (node == null) {
      throw fields.bad("process_node", "must be 7nm, 6nm, 5nm or 4nm");
    }
    return node;
  }

  private static ArrayType arrayType(JsonFields array) {
    String type = String.valueOf(array.text("data_type")).toUpperCase(Locale.ROOT);
    try {
      return ArrayType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw array.bad("data_type", "has no known area; fp16, fp32 and fp64 have");
    }
  }
}
