package io.plumbline.simulator.sm;

import io.plumbline.trace.program.Dialect;
import io.plumbline.trace.program.Elementwise;
import io.plumbline.trace.program.FlashAttention;
import io.plumbline.trace.program.GemmTile;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.RowReduction;
import io.plumbline.trace.program.TensorGemm;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The kernel that computes an operator on a GPU, and how long it takes. What was estimated once is
 * known to all that simulate on the same GPU in this JVM.
 */
public final class SmOperators {
  private static final int MOST_KNOWN = 1 << 14;

  private record Key(SmGpu gpu, KernelProgram program) {}

  private static final Map<Key, KernelEstimate> KNOWN =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, KernelEstimate> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private final SmGpu gpu;
  private final Dialect dialect;

  public SmOperators(SmGpu gpu) {
    this.gpu = gpu;
    dialect = gpu.dialect();
  }

  /** How long a kernel takes; two that ask at the same time may both simulate it. */
  public KernelEstimate estimate(KernelProgram program) {
    Key key = new Key(gpu, program);
    synchronized (KNOWN) {
      KernelEstimate known = KNOWN.get(key);
      if (known != null) {
        return known;
      }
    }
    KernelEstimate estimate = KernelEstimate.of(gpu, program);
    synchronized (KNOWN) {
      KNOWN.put(key, estimate);
    }
    return estimate;
  }

  public double seconds(KernelProgram program) {
    return estimate(program).seconds(gpu);
  }

  /** Equal products in one kernel. */
  public KernelProgram matmul(int m, int n, int k, int batch) {
    GemmTile tile = GemmTile.fitting(m, n, batch, gpu.spec().sms());
    return new TensorGemm(m, n, k, batch, tile, dialect);
  }

  public KernelProgram reduction(RowReduction.Function function, int rows, int columns) {
    return new RowReduction(function, rows, columns, dialect);
  }

  public KernelProgram gelu(long elements) {
    return Elementwise.gelu(elements, dialect);
  }

  public KernelProgram gatedSilu(long elements) {
    return Elementwise.gatedSilu(elements, dialect);
  }

  /**
   * Attention, its keys split among thread blocks where there are fewer than SMs.
   *
   * @param sequences sequences times key/value heads
   * @param rows queries of each, those of heads that share the keys counted one by one
   */
  public KernelProgram attention(int sequences, int rows, int keys, int headDim) {
    int blocks = (keys + FlashAttention.BLOCK_KEYS - 1) / FlashAttention.BLOCK_KEYS;
    long ctas =
        (long) sequences * ((rows + FlashAttention.BLOCK_ROWS - 1) / FlashAttention.BLOCK_ROWS);
    int splits = (int) Math.max(1, Math.min(blocks, gpu.spec().sms() / Math.max(1, ctas)));
    return new FlashAttention(sequences, rows, keys, headDim, splits, dialect);
  }
}
