package io.plumbline.simulator.latency;

import java.util.Arrays;

/** One product of rows with a matrix, in milliseconds by rows; each is looked up once. */
final class KernelProduct {
  private final String name;
  private final MeasuredTree table;
  private final double widthOut;
  private final double widthIn;

  /** By rows; NaN until asked. */
  private final double[] ms;

  /**
   * A product out of a table of all.
   *
   * @param name as in {@code operator_time}
   * @param widthOut n
   * @param widthIn k
   * @param maxRows most rows to expect
   */
  KernelProduct(String name, MeasuredTree table, double widthOut, double widthIn, int maxRows) {
    this.name = name;
    this.table = table;
    this.widthOut = widthOut;
    this.widthIn = widthIn;
    this.ms = new double[maxRows + 1];
    Arrays.fill(ms, Double.NaN);
  }

  String name() {
    return name;
  }

  double ms(int rows) {
    if (rows >= ms.length) {
      return table.at(widthIn, widthOut, rows);
    }
    if (Double.isNaN(ms[rows])) {
      ms[rows] = table.at(widthIn, widthOut, rows);
    }
    return ms[rows];
  }

  /** The same if the table does not enclose the point, else 0. */
  double extrapolatedMs(int rows) {
    return table.encloses(widthIn, widthOut, rows) ? 0 : ms(rows);
  }
}
