package io.plumbline.simulator.compass;

import java.util.Locale;

/** Order of three nested loops, the outermost first; in the order in which they are tried. */
public enum LoopOrder {
  MKN,
  MNK,
  NKM,
  NMK,
  KNM,
  KMN;

  private static final String DIMENSIONS = "MNK";

  private final int[] dimensions = new int[3];

  LoopOrder() {
    for (int i = 0; i < 3; i++) {
      dimensions[i] = DIMENSIONS.indexOf(name().charAt(i));
    }
  }

  /** The dimension (0 m, 1 n, 2 k) of a loop, from the outermost. */
  int dimension(int depth) {
    return dimensions[depth];
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
