package io.plumbline.simulator.reallm;

import java.io.Serializable;

/** The shape of a model, and what of an iteration's kernels depends on what. */
public sealed interface ReallmModel extends Serializable permits DenseModel, LatentModel {

  int layers();

  /** Width of the residual stream, which collectives sum. */
  int hiddenSize();

  /** Seconds of all kernels that do not depend on contexts, of all layers. */
  double tokensSeconds(KernelTimes times, Degrees degrees, int tokens, int decodes);

  /** Seconds of the prefill's own kernels in all layers: attention of one sequence to itself. */
  double prefillSeconds(KernelTimes times, Degrees degrees, int tokens);

  /** Seconds of one decode's own kernels in all layers. */
  double decodeSeconds(KernelTimes times, Degrees degrees, int contextTokens);

  /** Seconds of the routed experts in all layers; none in a dense model. */
  default double expertsSeconds(
      KernelTimes times, Degrees degrees, int prefillTokens, int decodes, ExpertDraws draws) {
    return 0;
  }

  /**
   * Refuses degrees for which ReaLLM has no kernels.
   *
   * @throws IllegalArgumentException saying which
   */
  void requireFits(Degrees degrees);

  /** Whether the layers sum over devices. */
  boolean reducesOverDevices();

  /** Division that rounds up. */
  static int share(int whole, int parts) {
    return (whole + parts - 1) / parts;
  }
}
