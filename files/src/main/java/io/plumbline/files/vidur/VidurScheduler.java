package io.plumbline.files.vidur;

/** A replica scheduler of Vidur with its options. */
public sealed interface VidurScheduler {
  /** Most requests in flight. */
  int batchSizeCap();

  /** Tokens per KV block. */
  int blockSize();

  /** Share of the blocks that a new request leaves free; only vLLM and Sarathi look at it. */
  double watermarkBlocksFraction();

  /** Blocks of a replica; null or 0 lets the memory plan decide. */
  Integer numBlocks();

  /** vLLM as of 2023. */
  record Vllm(
      int batchSizeCap,
      int blockSize,
      double watermarkBlocksFraction,
      Integer numBlocks,
      int maxTokensInBatch)
      implements VidurScheduler {
    public Vllm {
      check(batchSizeCap, blockSize, watermarkBlocksFraction, numBlocks);
      Check.positive("maxTokensInBatch", maxTokensInBatch);
    }

    /** Vidur's. */
    public static Vllm defaults() {
      return new Vllm(128, 16, 0.01, null, 4096);
    }
  }

  /** LightLLM, which needs blocks of one token. */
  record Lightllm(
      int batchSizeCap,
      int blockSize,
      double watermarkBlocksFraction,
      Integer numBlocks,
      int maxTokensInBatch,
      int maxWaitingIters)
      implements VidurScheduler {
    public Lightllm {
      check(batchSizeCap, blockSize, watermarkBlocksFraction, numBlocks);
      Check.positive("maxTokensInBatch", maxTokensInBatch);
      Check.positive("maxWaitingIters", maxWaitingIters);
    }

    /** Vidur's. The block size is one that it refuses to run with. */
    public static Lightllm defaults() {
      return new Lightllm(128, 16, 0.01, null, 4096, 10);
    }
  }

  /** Orca. */
  record Orca(int batchSizeCap, int blockSize, double watermarkBlocksFraction, Integer numBlocks)
      implements VidurScheduler {
    public Orca {
      check(batchSizeCap, blockSize, watermarkBlocksFraction, numBlocks);
    }

    /** Vidur's. */
    public static Orca defaults() {
      return new Orca(128, 16, 0.01, null);
    }
  }

  /** FasterTransformer: static batching. */
  record FasterTransformer(
      int batchSizeCap, int blockSize, double watermarkBlocksFraction, Integer numBlocks)
      implements VidurScheduler {
    public FasterTransformer {
      check(batchSizeCap, blockSize, watermarkBlocksFraction, numBlocks);
    }

    /** Vidur's. */
    public static FasterTransformer defaults() {
      return new FasterTransformer(128, 16, 0.01, null);
    }
  }

  /** Sarathi: chunked prefill. */
  record Sarathi(
      int batchSizeCap,
      int blockSize,
      double watermarkBlocksFraction,
      Integer numBlocks,
      int chunkSize)
      implements VidurScheduler {
    public Sarathi {
      check(batchSizeCap, blockSize, watermarkBlocksFraction, numBlocks);
      Check.positive("chunkSize", chunkSize);
    }

    /** Vidur's. */
    public static Sarathi defaults() {
      return new Sarathi(128, 16, 0.01, null, 512);
    }
  }

  private static void check(
      int batchSizeCap, int blockSize, double watermarkBlocksFraction, Integer numBlocks) {
    Check.positive("batchSizeCap", batchSizeCap);
    Check.positive("blockSize", blockSize);
    Check.fraction("watermarkBlocksFraction", watermarkBlocksFraction);
    Check.notNegative("numBlocks", numBlocks == null ? 0 : numBlocks);
  }
}
