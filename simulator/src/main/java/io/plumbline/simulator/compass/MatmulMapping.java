package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * How a product is cut for the hardware: tiles of the global buffer, of a core's local buffer, and
 * what each of a core's arrays gets of that.
 *
 * @param m2 rows of a tile of the global buffer, which may be larger than the matrix
 * @param doubleBuffered whether the next tile is read while one is computed
 * @param memoryOrder loops over tiles of the global buffer
 * @param m1 rows of a tile of the local buffer
 * @param bufferOrder loops over tiles of the local buffer
 * @param split how many arrays share each dimension
 */
public record MatmulMapping(
    long m2,
    long n2,
    long k2,
    boolean doubleBuffered,
    LoopOrder memoryOrder,
    long m1,
    long n1,
    long k1,
    LoopOrder bufferOrder,
    ArraySplit split)
    implements Serializable {

  @Override
  public String toString() {
    return "global buffer %d x %d x %d %s (%s), local buffer %d x %d x %d (%s), arrays %s"
        .formatted(
            m2,
            n2,
            k2,
            doubleBuffered ? "twice" : "once",
            memoryOrder.word(),
            m1,
            n1,
            k1,
            bufferOrder.word(),
            split);
  }
}
