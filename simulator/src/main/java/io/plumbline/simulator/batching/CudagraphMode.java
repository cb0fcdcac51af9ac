package io.plumbline.simulator.batching;

/** Which batches run as CUDA graphs; vLLM's {@code cudagraph_mode}. */
public enum CudagraphMode {
  /** None; vLLM's {@code enforce_eager} as well. */
  NONE(GraphMode.NONE, GraphMode.NONE),
  /** All in pieces. */
  PIECEWISE(GraphMode.PIECEWISE, GraphMode.PIECEWISE),
  /** All whole. */
  FULL(GraphMode.FULL, GraphMode.FULL),
  /** Those of decodes alone whole, others not. */
  FULL_DECODE_ONLY(GraphMode.FULL, GraphMode.NONE),
  /** Those of decodes alone whole, others in pieces. */
  FULL_AND_PIECEWISE(GraphMode.FULL, GraphMode.PIECEWISE);

  final GraphMode decodes;
  final GraphMode others;

  CudagraphMode(GraphMode decodes, GraphMode others) {
    this.decodes = decodes;
    this.others = others;
  }
}
