package io.plumbline.simulator.compass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A product walked tile by tile on both levels, with nothing left out or folded. */
final class PlainMatmul {
  private final Accelerator device;
  private final MatmulShape shape;
  private final List<ArraySplit> splits;
  private final BufferWalk buffers;

  /** Walks that were made, by everything that they depend on. */
  private final Map<List<Object>, Long> made = new HashMap<>();

  PlainMatmul(Accelerator device, MatmulShape shape, List<ArraySplit> splits) {
    this.device = device;
    this.shape = shape;
    this.splits = splits;
    this.buffers = new BufferWalk(device, shape.wordBytes(), new CoreTimes(device, splits));
  }

  long cycles(MatmulMapping mapping) {
    long[] tiles = {
      Check.ceilDiv(shape.m(), mapping.m2()),
      Check.ceilDiv(shape.n(), mapping.n2()),
      Check.ceilDiv(shape.k(), mapping.k2())
    };
    LoopOrder order = mapping.memoryOrder();
    long[] at = new long[3];
    long[] before = null;
    long total = 0;
    for (long a = 0; a < tiles[order.dimension(0)]; a++) {
      for (long b = 0; b < tiles[order.dimension(1)]; b++) {
        for (long c = 0; c < tiles[order.dimension(2)]; c++) {
          at[order.dimension(0)] = a;
          at[order.dimension(1)] = b;
          at[order.dimension(2)] = c;
          long[] now = size(mapping, at);
          if (before == null) {
            total += memory(now[0] * now[2]) + memory(now[2] * now[1]);
          } else {
            total += step(mapping, at, before);
          }
          before = at.clone();
        }
      }
    }
    long[] last = size(mapping, before);
    return total
        + memory(last[0] * last[1])
        + computed(mapping, last)
        + (before[2] > 0 ? reduction(last) : 0);
  }

  private long step(MatmulMapping mapping, long[] at, long[] before) {
    long[] now = size(mapping, at);
    long[] then = size(mapping, before);
    long left = memory(now[0] * now[2]);
    long right = memory(now[2] * now[1]);
    long read;
    if (at[0] == before[0] && at[2] == before[2]) {
      read = right;
    } else if (at[1] == before[1] && at[2] == before[2]) {
      read = left;
    } else {
      read = left + right;
    }
    boolean sameOutput = at[0] == before[0] && at[1] == before[1];
    if (at[2] > 0 && !sameOutput) {
      read += memory(now[0] * now[1]);
    }
    long compute = computed(mapping, then) + (at[2] > 0 ? reduction(then) : 0);
    long write = sameOutput ? 0 : memory(then[0] * then[1]);
    return (mapping.doubleBuffered() ? Math.max(read, compute) : read + compute) + write;
  }

  private long[] size(MatmulMapping mapping, long[] at) {
    return new long[] {
      Math.min(mapping.m2(), shape.m() - at[0] * mapping.m2()),
      Math.min(mapping.n2(), shape.n() - at[1] * mapping.n2()),
      Math.min(mapping.k2(), shape.k() - at[2] * mapping.k2())
    };
  }

  private long computed(MatmulMapping mapping, long[] size) {
    List<Object> key =
        List.of(
            size[0],
            size[1],
            size[2],
            mapping.m1(),
            mapping.n1(),
            mapping.k1(),
            mapping.bufferOrder(),
            mapping.split());
    return made.computeIfAbsent(
        key,
        unused ->
            buffers.cycles(
                new BufferGrid(size[0], size[1], size[2], mapping.m1(), mapping.n1(), mapping.k1()),
                mapping.bufferOrder(),
                splits.indexOf(mapping.split())));
  }

  private long memory(long words) {
    return (long) Math.ceil(words * shape.wordBytes() / device.memoryBytesPerCycle());
  }

  private long reduction(long[] size) {
    long words = size[0] * size[1];
    return (long) Math.ceil((double) words / (device.vector().flopsPerCycle() * device.cores()))
        + 2 * (long) Math.ceil(words * shape.wordBytes() / device.globalBufferBytesPerCycle());
  }
}
