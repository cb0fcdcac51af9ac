package io.plumbline.simulator.compass;

import java.util.HashMap;
import java.util.Map;

/**
 * Products on one device, without launch overheads. Each shape is searched once, so one operator
 * serves a whole model; it may be asked by several threads.
 */
public final class MatmulOperator {
  private static final int MOST_KEPT = 1 << 17;

  /** Keeps a bound below what it bounds, whatever is rounded. */
  private static final double ALMOST = 1 - 1e-9;

  private final Accelerator device;
  private final MapperMode mode;
  private final Map<Integer, MatmulMapper> mappers = new HashMap<>();
  private final Map<MatmulShape, Result> known = new HashMap<>();

  public MatmulOperator(Accelerator device, MapperMode mode) {
    this.device = device;
    this.mode = mode;
  }

  /**
   * Time and mapping of a product.
   *
   * @param cycles null if the vector units do it, past the arrays
   * @param mapping null likewise, or if the mode tries none
   */
  public record Result(double seconds, Long cycles, MatmulMapping mapping) {}

  /** Time and mapping of a product. */
  public synchronized Result matmul(MatmulShape shape) {
    Result result = known.get(shape);
    if (result == null) {
      if (known.size() >= MOST_KEPT) {
        known.clear();
      }
      result = search(shape);
      known.put(shape, result);
    }
    return result;
  }

  private Result search(MatmulShape shape) {
    if (isOnVectorUnits(shape)) {
      return new Result(vectorSeconds(shape), null, null);
    }
    MatmulMapper.Result found = mapper(shape).search(shape);
    return new Result(found.cycles() / device.clockHz(), found.cycles(), found.mapping());
  }

  private MatmulMapper mapper(MatmulShape shape) {
    return mappers.computeIfAbsent(
        shape.wordBytes(), bytes -> new MatmulMapper(device, mode, bytes));
  }

  /** Whether a product with a vector bypasses the arrays. */
  boolean isOnVectorUnits(MatmulShape shape) {
    return shape.hasVector() && mode.usesVectorUnits();
  }

  private double vectorSeconds(MatmulShape shape) {
    return Math.max(
        (double) (2 * shape.m() * shape.n() * shape.k())
            / device.vector().flopsPerCycle()
            / device.cores()
            / device.clockHz(),
        shape.bytes() / device.memoryBytesPerSecond());
  }

  /**
   * Seconds of equal products of different matrices: one after the other, or one with an inner
   * dimension as long as all together, whose outputs are all written; whichever is less.
   */
  public double batchedSeconds(long batch, MatmulShape shape) {
    double apart = batch * matmul(shape).seconds();
    MatmulShape joined =
        new MatmulShape(shape.m(), shape.n(), shape.k() * batch, shape.wordBytes());
    double written =
        (batch - 1) * shape.m() * shape.n() * shape.wordBytes() / device.memoryBytesPerSecond();
    if (atLeastSeconds(joined) + written >= apart) {
      return apart;
    }
    return Math.min(apart, matmul(joined).seconds() + written);
  }

  /** Less than any mapping takes: all matrices pass the memory once. */
  private double atLeastSeconds(MatmulShape shape) {
    return ALMOST * shape.bytes() / device.memoryBytesPerSecond();
  }

  public MapperMode mode() {
    return mode;
  }

  /** How many shapes have been searched or computed. */
  public synchronized int shapesKnown() {
    return known.size();
  }

  /** How many mappings the mode has for a product. */
  public synchronized long candidates(MatmulShape shape) {
    return isOnVectorUnits(shape) ? 0 : mapper(shape).candidates(shape);
  }
}
