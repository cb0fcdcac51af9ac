package io.plumbline.jobs.compass;

import io.plumbline.jobs.compass.TunedOperator.Kernel;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.OperatorTimingRow;
import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.DeviceLinks;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.KernelBounds;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulOperator;
import io.plumbline.simulator.compass.MatmulShape;
import io.plumbline.simulator.compass.RowOperators;
import io.plumbline.simulator.compass.SharedMatmuls;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Kernels of 16-bit elements that were measured on a device, with what bounds them there and what
 * LLMCompass says of them.
 *
 * <p>Which half a kernel is in, and whether it is looked at where there are too many, follows from
 * its sizes alone, scattered, so that a size of one half has neighbours in the other.
 */
final class MeasuredKernels extends OperatorFindings {
  /** Tables that are read; the others are of mixtures of experts and of collectives of NCCL. */
  static final Pattern FILES =
      Pattern.compile(
          "(gemm|context_attention|generation_attention|custom_allreduce)_perf\\.parquet");

  private static final int WORD_BYTES = 2;
  private static final String DTYPE = "bfloat16";

  /** Of a kind so many sizes are looked at, at most. */
  private static final int MOST = 8000;

  private static final Pattern WINDOW = Pattern.compile("\"window_size\":[1-9]");
  private static final Pattern EAGER = Pattern.compile("_eager$");

  private final Accelerator device;
  private final DeviceLinks links;
  private final KernelBounds bounds;
  private final MatmulOperator matmuls;
  private final RowOperators rows;
  private final Map<TunedOperator, List<Sized>> all = new EnumMap<>(TunedOperator.class);
  private final Map<TunedOperator, Halves> halves = new EnumMap<>(TunedOperator.class);

  private final Set<String> devices = new TreeSet<>();

  private record Sized(long hash, OperatorTimingRow row) {}

  /** Kernels to fit to, and kernels to score. */
  record Halves(List<Kernel> fitted, List<Kernel> held) {}

  MeasuredKernels(HardwareSystem system) {
    this.device = system.device();
    this.links = system.links();
    MapperMode mode = MapperMode.fitting(device);
    this.bounds = new KernelBounds(system, mode, WORD_BYTES);
    this.matmuls = SharedMatmuls.of(device, mode);
    this.rows = new RowOperators(device);
  }

  @Override
  public void operator(OperatorTiming timing, double timeNs) {
    OperatorTimingRow row = timing.row("", timeNs);
    TunedOperator operator = kind(row);
    if (operator != null) {
      devices.add(row.device());
      all.computeIfAbsent(operator, key -> new ArrayList<>()).add(new Sized(hash(row), row));
    }
  }

  private TunedOperator kind(OperatorTimingRow row) {
    if (!DTYPE.equals(row.dtype())) {
      return null;
    }
    boolean full =
        DTYPE.equals(row.kvDtype())
            && (row.shapeJson() == null || !WINDOW.matcher(row.shapeJson()).find());
    return switch (row.operator()) {
      case "gemm" -> TunedOperator.PRODUCT;
      case "context_attention" -> full ? TunedOperator.PREFILL : null;
      case "generation_attention" -> full ? TunedOperator.DECODE : null;
      case "all_reduce" ->
          links == null || EAGER.matcher(row.kernel()).find() ? null : TunedOperator.ALL_REDUCE;
      default -> null;
    };
  }

  private static long hash(OperatorTimingRow row) {
    Object[] sizes = {
      row.m(),
      row.n(),
      row.k(),
      row.batch(),
      row.queryTokens(),
      row.kvTokens(),
      row.queryHeads(),
      row.kvHeads(),
      row.headDim(),
      row.devices(),
      row.elements()
    };
    long hash = 0;
    for (Object size : sizes) {
      // The steps of SplitMix64, which scatter neighbours.
      hash += (size == null ? 0 : ((Number) size).longValue()) + 0x9E3779B97F4A7C15L;
      hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
      hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
      hash ^= hash >>> 31;
    }
    return hash;
  }

  /** Names of the devices that were measured, as their vendor has them. */
  Set<String> devices() {
    return devices;
  }

  /** The kernels of a kind. */
  Halves halves(TunedOperator operator) {
    return halves.computeIfAbsent(operator, this::split);
  }

  private Halves split(TunedOperator operator) {
    Halves split = new Halves(new ArrayList<>(), new ArrayList<>());
    all.getOrDefault(operator, List.of()).stream()
        .sorted((a, b) -> Long.compareUnsigned(a.hash(), b.hash()))
        .limit(MOST)
        .forEach(
            sized ->
                ((sized.hash() & 1) == 0 ? split.fitted() : split.held())
                    .add(kernel(operator, sized.row())));
    return split;
  }

  private Kernel kernel(TunedOperator operator, OperatorTimingRow row) {
    double measured = row.timeNs() / 1e9;
    return switch (operator) {
      case PRODUCT -> product(row, measured);
      case PREFILL -> prefill(row, measured);
      case DECODE -> decode(row, measured);
      case ALL_REDUCE -> {
        long bytes = row.elements() * WORD_BYTES;
        yield new Kernel(
            measured,
            links.among(row.devices()).allReduceSeconds(bytes),
            bounds.allReduceTransfer(bytes, row.devices()),
            0,
            0);
      }
    };
  }

  private Kernel product(OperatorTimingRow row, double measured) {
    long m = row.m();
    long n = row.n();
    long k = row.k();
    return new Kernel(
        measured,
        matmuls.matmul(new MatmulShape(m, n, k, WORD_BYTES)).seconds()
            + device.overheads().matmulSeconds(),
        bounds.productCompute(1, m, n, k),
        bounds.productMemory(1, m, n, k),
        0);
  }

  private Kernel prefill(OperatorTimingRow row, double measured) {
    long requests = row.batch();
    long tokens = row.queryTokens();
    long keys = row.kvTokens();
    int width = 2 * row.headDim();
    return new Kernel(
        measured,
        unfused(row, requests * row.kvHeads(), tokens * (row.queryHeads() / row.kvHeads())),
        requests * bounds.attentionCompute(row.queryHeads(), tokens, keys - tokens, width),
        requests
            * bounds.memory(
                (double) width
                    * ((double) row.kvHeads() * keys + (double) row.queryHeads() * tokens)),
        0);
  }

  private Kernel decode(OperatorTimingRow row, double measured) {
    long heads = (long) row.batch() * row.kvHeads();
    double elements = 2.0 * row.headDim() * row.kvTokens();
    return new Kernel(
        measured,
        unfused(row, heads, row.queryHeads() / row.kvHeads()),
        bounds.memory(elements * heads),
        heads,
        bounds.memoryOfOneCore(elements));
  }

  /** Scores, softmax, weighted sum: three kernels of LLMCompass. */
  private double unfused(OperatorTimingRow row, long batch, long queries) {
    long keys = row.kvTokens();
    long headDim = row.headDim();
    return matmuls.batchedSeconds(batch, new MatmulShape(queries, keys, headDim, WORD_BYTES))
        + rows.softmax(batch * queries, keys).seconds(device)
        + matmuls.batchedSeconds(batch, new MatmulShape(queries, headDim, keys, WORD_BYTES))
        + 2 * device.overheads().matmulSeconds()
        + device.overheads().softmaxSeconds();
  }
}
