package io.plumbline.reference.replay;

import java.util.function.LongConsumer;

/**
 * A real engine in this JVM, with a loaded model. Adding one means implementing this and a record
 * of {@link io.plumbline.reference.EngineSpec}; the replay stays as it is.
 */
public interface ReferenceEngine extends AutoCloseable {

  /**
   * Serves one request alone, greedily and to its full length: an end-of-sequence token does not
   * end it.
   *
   * @param promptIds token ids of the prompt, at least one
   * @param outputTokens tokens to generate, the first included
   * @param onToken told each token id in order, as soon as the device is done with it
   */
  void generate(long[] promptIds, int outputTokens, LongConsumer onToken);

  /** What ran here, for the manifest of a run. */
  EngineFacts facts();

  /** Frees the model; throws nothing. */
  @Override
  void close();
}
