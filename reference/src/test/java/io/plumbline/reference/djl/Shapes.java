package io.plumbline.reference.djl;

import io.plumbline.trace.model.ModelSpec;

/** Tiny model shapes; the letters after the base shape say what differs from it. */
final class Shapes {
  private Shapes() {}

  /** 2 layers, hidden 32, 4 query and 2 key/value heads of 8, SwiGLU, tied: Llama-like. */
  static final ModelSpec LLAMA = shape("llama", true, true, true, false, false);

  static final ModelSpec QWEN2 = shape("qwen2", true, true, true, true, false);
  static final ModelSpec QWEN3 = shape("qwen3", true, true, false, false, true);
  static final ModelSpec GELU = shape("gelu", false, true, false, false, false);
  static final ModelSpec PARALLEL = shape("parallel", true, false, true, false, false);

  private static ModelSpec shape(
      String name,
      boolean gatedMlp,
      boolean postAttentionNorm,
      boolean tiedEmbeddings,
      boolean qkvBias,
      boolean queryKeyNorm) {
    return new ModelSpec(
        name,
        2,
        4,
        2,
        8,
        32,
        48,
        64,
        512,
        gatedMlp,
        postAttentionNorm,
        tiedEmbeddings,
        qkvBias,
        queryKeyNorm,
        10_000,
        1e-5);
  }
}
