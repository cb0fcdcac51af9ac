package io.plumbline.simulator.compass;

/**
 * Dollars of a die, as ttm-cas counts them for LLMCompass: dies on a wafer of 300 mm, yield by the
 * negative binomial with three clusters.
 *
 * @param diesPerWafer not rounded
 * @param yield share of dies without defects
 * @param dollarsPerGoodDie what one that works costs
 */
public record DieCost(double diesPerWafer, double yield, double dollarsPerGoodDie) {
  private static final double WAFER_MILLIMETRES = 300;
  private static final double CLUSTERS = 3;

  /** Processes with known prices. */
  public enum Wafer {
    N5(5, 2000e-6, 16_988),
    N7(7, 1500e-6, 9_346),
    N14(14, 500e-6, 3_984),
    N16(16, 500e-6, 3_984),
    N28(28, 500e-6, 2_891);

    private final int nanometres;
    private final double defectsPerSquareMillimetre;
    private final double dollars;

    Wafer(int nanometres, double defectsPerSquareMillimetre, double dollars) {
      this.nanometres = nanometres;
      this.defectsPerSquareMillimetre = defectsPerSquareMillimetre;
      this.dollars = dollars;
    }

    /** The wafer of a process; null if its price is not known. */
    public static Wafer of(int nanometres) {
      for (Wafer wafer : values()) {
        if (wafer.nanometres == nanometres) {
          return wafer;
        }
      }
      return null;
    }

    public double dollars() {
      return dollars;
    }
  }

  /** What a die of so many square millimetres costs. */
  public static DieCost of(Wafer wafer, double squareMillimetres) {
    Check.positive("squareMillimetres", squareMillimetres);
    double radius = WAFER_MILLIMETRES / 2;
    double dies =
        Math.PI * (radius * radius) / squareMillimetres
            - Math.PI * WAFER_MILLIMETRES / Math.sqrt(2 * squareMillimetres);
    double yield =
        Math.pow(1 + squareMillimetres * wafer.defectsPerSquareMillimetre / CLUSTERS, -CLUSTERS);
    return new DieCost(dies, yield, wafer.dollars / dies / yield);
  }
}
