package io.plumbline.simulator.reallm;

import java.util.EnumMap;
import java.util.Map;

/** Latency out of the tables of one device. */
public final class KernelLibrary implements KernelTimes {
  private final Map<KernelKind, KernelTable> tables;
  private final TieChoice choice;
  private long ties;

  /** A library of some kinds; others fail when they are asked for. */
  public KernelLibrary(Map<KernelKind, KernelTable> tables) {
    this(tables, TieChoice.FIRST);
  }

  private KernelLibrary(Map<KernelKind, KernelTable> tables, TieChoice choice) {
    this.choice = choice;
    this.tables = new EnumMap<>(tables);
  }

  @Override
  public KernelTimes choosing(TieChoice otherChoice) {
    return new KernelLibrary(tables, otherChoice);
  }

  @Override
  public double matmul(long batch, long rows, long inner, long columns) {
    return lookUp(KernelKind.MATMUL, batch, rows, inner, columns);
  }

  @Override
  public double softmax(long rows, long columns) {
    return lookUp(KernelKind.SOFTMAX, rows, columns);
  }

  @Override
  public double mul(long rows, long columns) {
    return lookUp(KernelKind.MUL, rows, columns);
  }

  @Override
  public double layerNorm(long rows, long columns) {
    return lookUp(KernelKind.LAYERNORM, rows, columns);
  }

  @Override
  public double silu(long rows, long columns) {
    return lookUp(KernelKind.SILU, rows, columns);
  }

  private double lookUp(KernelKind kind, long... shape) {
    KernelTable table = tables.get(kind);
    if (table == null) {
      throw new IllegalArgumentException(
          "the kernel library has no %s latencies".formatted(kind.word()));
    }
    KernelTable.Latency latency = table.lookUp(shape);
    ties += latency.tied() ? 1 : 0;
    return latency.seconds(choice);
  }

  @Override
  public long ties() {
    return ties;
  }
}
