package io.plumbline.reference.serving;

/** Decides what the next iteration runs. It knows no clock and no model. */
public interface BatchPlanner {

  /** Takes a request that has arrived and fits into the cache. */
  void enqueue(ServedRequest request);

  /** The next batch, each request with blocks for its tokens; null if nothing can run now. */
  Batch next();

  /** Takes the requests of a batch back, once their progress is noted. */
  void ended(Batch batch);
}
