package io.plumbline.reference.djl;

import io.plumbline.reference.serving.ModelExecutor;

/**
 * A decoder-only transformer that serves batches: pre-norm blocks of grouped-query attention with
 * rotary positions, and a SwiGLU or GELU MLP. Its cache is one table per layer with a row per
 * token, which requests share block by block.
 */
interface BatchDecoder extends ModelExecutor {

  /**
   * Logits of the last forward, as float32: one after the other for each request that yields a
   * token, in the batch's order. For tests.
   */
  float[] logits();
}
