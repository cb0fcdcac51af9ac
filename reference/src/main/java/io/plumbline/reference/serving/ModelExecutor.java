package io.plumbline.reference.serving;

/**
 * A model on a device, with the keys and values of all requests in its cache. One iteration is
 * prepare, forward, sample, in this order; each returns when its work is done on the device too, so
 * that the caller can time them.
 */
public interface ModelExecutor extends AutoCloseable {

  /** Takes the tokens, positions and cache rows of a batch to the device. */
  void prepare(Batch batch);

  /** Runs the batch through the model, which writes its keys and values into the cache. */
  void forward();

  /**
   * The greedy next token of each request of the batch that yields one, in the batch's order. An
   * end-of-sequence token is a token like any other.
   */
  long[] sample();

  /** Frees the model; throws nothing. */
  @Override
  void close();
}
