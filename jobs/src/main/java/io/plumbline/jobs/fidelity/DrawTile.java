package io.plumbline.jobs.fidelity;

/**
 * Some draws of a bootstrap side by side. A pass over sorted values then serves all of them: its
 * inner loop runs over draws, in arrays that stay in the processor's cache, without a branch.
 *
 * @param draws how many
 * @param reference how often each unit of the measured side was drawn, by unit and draw
 * @param simulated likewise of the simulated side
 */
record DrawTile(int draws, double[][] reference, double[][] simulated) {
  /** Draws of a tile: with 256 groups its weights are 256 KB. */
  static final int WIDTH = 128;

  /** The next draws of a bootstrap. */
  static DrawTile next(Resampling resampling, int draws) {
    double[][] reference = null;
    double[][] simulated = null;
    for (int d = 0; d < draws; d++) {
      Resampling.Draw draw = resampling.next();
      if (d == 0) {
        reference = new double[draw.reference().length][draws];
        simulated = new double[draw.simulated().length][draws];
      }
      put(draw.reference(), reference, d);
      put(draw.simulated(), simulated, d);
    }
    return new DrawTile(draws, reference, simulated);
  }

  private static void put(int[] weights, double[][] to, int draw) {
    for (int unit = 0; unit < weights.length; unit++) {
      to[unit][draw] = weights[unit];
    }
  }
}
