package io.plumbline.reference.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.ReferenceEngine;
import io.plumbline.trace.model.ModelSpec;
import java.util.Map;
import java.util.function.LongConsumer;

/** DJL's PyTorch engine with a decoder of random weights, in float32. */
public final class DjlEngine implements ReferenceEngine {
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

  private final NDManager manager;
  private final Decoder decoder;
  private final EngineFacts facts;

  private DjlEngine(NDManager manager, Decoder decoder, EngineFacts facts) {
    this.manager = manager;
    this.decoder = decoder;
    this.facts = facts;
  }

  /**
   * Starts the engine and builds the model on the device.
   *
   * @param threads threads inside one operation, on the CPU
   * @param maxContextTokens longest sequence, prompt and output together
   * @param seed seed of the weights
   * @throws IllegalArgumentException if the model's shape or the device is not to be had here
   */
  public static DjlEngine open(
      ModelSpec model, DeviceChoice choice, int threads, int maxContextTokens, int seed) {
    Decoder.requireSupported(model);
    Engine engine = start(threads);
    Device device = device(engine, choice);
    NDManager manager = engine.newBaseManager(device);
    Decoder decoder = new Decoder(manager, model, maxContextTokens, seed);
    return new DjlEngine(manager, decoder, facts(engine, device, threads));
  }

  /** PyTorch reads its thread counts once, when it is loaded: they must be there before. */
  private static Engine start(int threads) {
    System.setProperty(THREADS, Integer.toString(threads));
    System.setProperty(INTEROP_THREADS, "1");
    // A measurement uses the libraries that are here; DJL would fetch missing ones by itself.
    System.setProperty("ai.djl.offline", "true");
    Engine engine = Engine.getEngine("PyTorch");
    if (JniUtils.getNumThreads() != threads) {
      throw new IllegalStateException(
          "PyTorch runs with %d threads in this JVM, so it cannot run with %d. Maybe start a new JVM."
              .formatted(JniUtils.getNumThreads(), threads));
    }
    return engine;
  }

  private static Device device(Engine engine, DeviceChoice choice) {
    boolean hasGpu = engine.getGpuCount() > 0;
    if (choice == DeviceChoice.GPU0 && !hasGpu) {
      throw new IllegalArgumentException(
          "device gpu0 was asked for but PyTorch sees no GPU. Maybe use device auto or cpu.");
    }
    if (choice == DeviceChoice.AUTO && !hasGpu && Hardware.hasNvidiaDriver()) {
      // The run says which device it was, but nobody should find that out only afterwards.
      System.err.println(
          "This machine has an NVIDIA driver, but PyTorch sees no GPU: the CPU is measured. Maybe set"
              + " PYTORCH_LIBRARY_PATH to the libraries of a CUDA build of PyTorch 2.7.1.");
    }
    return hasGpu && choice != DeviceChoice.CPU ? Device.gpu(0) : Device.cpu();
  }

  private static EngineFacts facts(Engine engine, Device device, int threads) {
    String name = device.isGpu() ? Hardware.gpuName() : Hardware.cpuName();
    return new EngineFacts(
        "djl-pytorch",
        name,
        Map.of(
            "djl", Engine.getDjlVersion(),
            "pytorch", engine.getVersion(),
            "threads", Integer.toString(threads),
            "precision", "float32"));
  }

  @Override
  public void generate(long[] promptIds, int outputTokens, LongConsumer onToken) {
    decoder.reset();
    long token = decoder.prefill(promptIds);
    onToken.accept(token);
    for (int produced = 1; produced < outputTokens; produced++) {
      token = decoder.decode(token);
      onToken.accept(token);
    }
  }

  @Override
  public EngineFacts facts() {
    return facts;
  }

  @Override
  public void close() {
    decoder.close();
    manager.close();
  }
}
