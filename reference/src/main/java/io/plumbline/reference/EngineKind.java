package io.plumbline.reference;

import io.plumbline.reference.djl.DjlEngine;
import io.plumbline.reference.replay.ReferenceEngine;
import io.plumbline.trace.model.ModelSpec;

/** The engines that can serve a real run; each constant opens its own. */
public enum EngineKind {
  /** PyTorch through DJL: a decoder of the model's shape with random float32 weights. */
  DJL_PYTORCH {
    @Override
    public ReferenceEngine open(ReferenceSpec spec, ModelSpec model, int maxContextTokens) {
      return DjlEngine.open(model, spec.device(), spec.threads(), maxContextTokens, spec.seed());
    }
  };

  /**
   * Starts the engine with the model loaded.
   *
   * @param maxContextTokens longest context that it will be asked for
   * @throws IllegalArgumentException if it cannot run this model or on this device
   */
  public abstract ReferenceEngine open(ReferenceSpec spec, ModelSpec model, int maxContextTokens);
}
