package io.plumbline.simulator.compass;

/**
 * What kernels need of a described device at least, in seconds: computing as LLMCompass maps it
 * with a memory that takes no time, memory traffic that reads and writes everything once, links
 * that carry nothing else.
 */
public final class KernelBounds {
  /** As good as no time, and still a number that the mapper's bounds can be made of. */
  private static final double FAST_MEMORY = 1e6;

  private final Accelerator device;
  private final DeviceLinks links;
  private final MatmulOperator computing;
  private final int wordBytes;

  /**
   * Bounds of a device.
   *
   * @param system of which the links may be missing, if all-reduces are not asked for
   * @param wordBytes of an element
   * @throws IllegalArgumentException if the memory takes no time, as LLMCompass has it of TPUs
   */
  public KernelBounds(HardwareSystem system, MapperMode mode, int wordBytes) {
    requireMemory(system);
    this.device = system.device();
    this.links = system.links();
    this.wordBytes = wordBytes;
    Accelerator fast =
        device.withBandwidths(
            device.globalBufferBytesPerCycle(), FAST_MEMORY * device.memoryBytesPerSecond());
    this.computing = SharedMatmuls.of(fast, mode);
  }

  /** Refuses hardware without a bandwidth of its memory, of which nothing would bound a decode. */
  public static void requireMemory(HardwareSystem system) {
    if (Double.isInfinite(system.device().memoryBytesPerSecond())) {
      throw new IllegalArgumentException(
          "llmcompass_tuned needs the bandwidth of the memory, which %s does not say. Maybe memory_bytes_per_second: 9.0e11, or predictor: llmcompass"
              .formatted(system.name()));
    }
  }

  /** Computing of equal products of different matrices. */
  public double productCompute(long batch, long m, long n, long k) {
    MatmulShape shape = new MatmulShape(m, n, k, wordBytes);
    return batch == 1 ? computing.matmul(shape).seconds() : computing.batchedSeconds(batch, shape);
  }

  /** Memory traffic of the same. */
  public double productMemory(long batch, long m, long n, long k) {
    return memory((double) batch * ((double) m * k + (double) k * n + (double) m * n));
  }

  /** Reading or writing so many elements once. */
  public double memory(double elements) {
    return elements * wordBytes / device.memoryBytesPerSecond();
  }

  /**
   * Computing of attention with a causal mask at the arrays' peak: each token sees those before it.
   *
   * @param past tokens that were there before
   * @param width elements of a key and of a value together
   */
  public double attentionCompute(long queryHeads, long tokens, long past, long width) {
    double pairs = tokens * (past + (tokens + 1) / 2.0);
    return 2 * queryHeads * pairs * width / device.arrayFlopsPerSecond();
  }

  /** One core reading so many elements, with its share of the memory's bandwidth. */
  public double memoryOfOneCore(double elements) {
    return memory(elements) * device.cores();
  }

  /** The transfers of an all-reduce over so many devices. */
  public double allReduceTransfer(long bytes, int devices) {
    double perSecond = links.oneWayBytesPerSecond() * links.linksPerDevice();
    return 2.0 * (devices - 1) / devices * bytes / perSecond;
  }
}
