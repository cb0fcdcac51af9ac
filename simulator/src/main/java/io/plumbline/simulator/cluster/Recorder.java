package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.Batch;

/** Receives what a run produces while it runs; times in seconds as the simulator has them. */
public interface Recorder {

  /** A stage starts a batch and will be busy until the end. */
  void stageStarts(
      int replica,
      int stage,
      long iteration,
      Batch batch,
      double startSeconds,
      double endSeconds,
      int kvBlocksUsed);

  /** A request got an output token. */
  void token(int request, double atSeconds);

  /** For runs whose requests are all that matters. */
  Recorder NONE =
      new Recorder() {
        @Override
        public void stageStarts(
            int replica,
            int stage,
            long iteration,
            Batch batch,
            double startSeconds,
            double endSeconds,
            int kvBlocksUsed) {}

        @Override
        public void token(int request, double atSeconds) {}
      };
}
