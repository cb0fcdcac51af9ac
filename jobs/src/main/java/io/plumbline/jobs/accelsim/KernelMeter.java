package io.plumbline.jobs.accelsim;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** How far the runs of a file are, counted by their tasks while they run. */
record KernelMeter(
    LongAccumulator kernels,
    LongAccumulator bytes,
    LongAccumulator cycles,
    LongAccumulator instructions)
    implements Serializable {

  static KernelMeter of(SparkContext context) {
    return new KernelMeter(
        context.longAccumulator("kernels simulated"),
        context.longAccumulator("bytes of traces simulated"),
        context.longAccumulator("cycles simulated"),
        context.longAccumulator("instructions of warps simulated"));
  }

  /** For the line of progress. */
  String text(int runs) {
    return "%d of %d kernels, %,d cycles, %,d instructions of warps"
        .formatted(kernels.sum(), runs, cycles.sum(), instructions.sum());
  }

  /** Bytes of a trace as its thread blocks start, and what is left of it at the end. */
  final class OfRun {
    private final long weight;
    private final long blocks;
    private long started;
    private long counted;

    OfRun(long weight, long blocks) {
      this.weight = weight;
      this.blocks = Math.max(1, blocks);
    }

    void blockStarted() {
      started++;
      count((long) ((double) weight * Math.min(started, blocks) / blocks));
    }

    void ended(long ownCycles, long ownInstructions) {
      count(weight);
      cycles.add(ownCycles);
      instructions.add(ownInstructions);
      kernels.add(1L);
    }

    private void count(long upTo) {
      if (upTo > counted) {
        bytes.add(upTo - counted);
        counted = upTo;
      }
    }
  }
}
