package io.plumbline.simulator.compass;

/**
 * Tunings fitted by {@code operator --tune} to half of the kernels that aiconfigurator (commit
 * 095f58a) has measured: vLLM 0.14 on an A100-SXM4-80GB, vLLM 0.19 on an H100-SXM.
 */
public final class BuiltInTunings {
  private static final CompassTuning A100 =
      new CompassTuning(
          new BoundCurve(4.662e-6, 1.057, 1.268, 1.516),
          new BoundCurve(1.215e-5, 1.743, 3.032, 1.159),
          new DecodeCurve(1.719e-5, 1.241, 3.28e-8, 0.02861),
          new LinkCurve(5.695e-6, 1.706));

  private static final CompassTuning H100 =
      new CompassTuning(
          new BoundCurve(2.855e-6, 0.9317, 1.315, 3.696),
          new BoundCurve(1.075e-5, 1.769, 2.303, 1.148),
          new DecodeCurve(9.226e-6, 1.177, 2.128e-8, 0.009469),
          new LinkCurve(4.617e-6, 1.544));

  private BuiltInTunings() {}

  /** That of a description, or the A100's for hardware that nobody has measured. */
  public static CompassTuning of(String hardware) {
    return hardware.equals("GH100") ? H100 : A100;
  }
}
