package io.plumbline.simulator.compass;

import java.io.Serializable;

/** What starting a kernel adds to its operator, in seconds. */
public record LaunchOverheads(
    double matmulSeconds, double softmaxSeconds, double layerNormSeconds, double geluSeconds)
    implements Serializable {
  /** Those of PyTorch on an A100, which LLMCompass gives to every device of a template as well. */
  public static final LaunchOverheads A100 = new LaunchOverheads(2.1e-5, 1.2e-5, 4.5e-5, 4.5e-5);

  static final LaunchOverheads TPU_V3 = new LaunchOverheads(1.1e-4, 3.0e-4, 1.4e-4, 1.0e-4);
  static final LaunchOverheads MI210 = new LaunchOverheads(3.4e-5, 2.2e-5, 2.8e-5, 2.1e-5);

  public LaunchOverheads {
    Check.notNegative("matmulSeconds", matmulSeconds);
    Check.notNegative("softmaxSeconds", softmaxSeconds);
    Check.notNegative("layerNormSeconds", layerNormSeconds);
    Check.notNegative("geluSeconds", geluSeconds);
  }
}
