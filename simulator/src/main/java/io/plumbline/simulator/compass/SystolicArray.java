package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * One array of multipliers that keeps its outputs in place.
 *
 * @param height rows of processing elements
 * @param width columns of processing elements
 * @param macPerCycle multiply-adds of one element in a cycle; below 1 if it takes several cycles
 * @param inputBytes bytes of one operand
 * @param outputBytes bytes of one result
 */
public record SystolicArray(
    int height, int width, double macPerCycle, int inputBytes, int outputBytes)
    implements Serializable {
  private static final double LONG_UTILISATION = 0.99;
  private static final double UTILISATION = 0.98;
  private static final int LONG_PASSES = 128;
  private static final int PASSES = 64;

  public SystolicArray {
    Check.positive("height", height);
    Check.positive("width", width);
    Check.positive("macPerCycle", macPerCycle);
    Check.positive("inputBytes", inputBytes);
    Check.positive("outputBytes", outputBytes);
  }

  /**
   * Cycles of a product of m times k and k times n. Products that are long enough run at a fixed
   * share of the peak, others as SCALE-Sim counts them. Where a product is narrower than the array,
   * the original divides by the utilisation once too often and is two percent faster than the peak;
   * that is kept.
   */
  long cycles(long m, long n, long k) {
    long direct = directCycles(m, n, k);
    return direct >= 0 ? direct : simulatedCycles(m, n, k);
  }

  boolean isSquare() {
    return height == width;
  }

  /** Those at a fixed share of the peak; negative if the product is too short for that. */
  long directCycles(long m, long n, long k) {
    double product = (double) (m * n * k);
    double longer = Math.max(height, width);
    double peak = product / height / width / macPerCycle;
    if (m >= height && n >= width) {
      double passes = product / height / width / longer;
      if (passes >= LONG_PASSES) {
        return (long) Math.ceil(peak / LONG_UTILISATION);
      }
      if (passes >= PASSES) {
        return (long) Math.ceil(peak / UTILISATION);
      }
    } else if (m >= height) {
      if ((double) (k * m) / height / longer >= PASSES) {
        return (long) Math.ceil(peak / ((double) n / width / UTILISATION));
      }
    } else if (n >= width) {
      if ((double) (k * n) / width / longer >= PASSES) {
        return (long) Math.ceil(peak / ((double) m / height / UTILISATION));
      }
    } else if (k / longer >= PASSES) {
      return (long) Math.ceil(peak / ((double) m / height * n / width / UTILISATION));
    }
    return -1;
  }

  /** SCALE-Sim's count for stationary outputs: every pass fills the array and drains it. */
  long simulatedCycles(long m, long n, long k) {
    long cycles = Check.ceilDiv(m, height) * Check.ceilDiv(n, width) * (k + height + width - 2) - 1;
    return (long) Math.ceil(cycles / macPerCycle);
  }
}
