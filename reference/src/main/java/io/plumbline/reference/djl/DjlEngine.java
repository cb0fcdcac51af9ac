package io.plumbline.reference.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import io.plumbline.files.Names;
import io.plumbline.reference.profiling.OperatorNanos;
import io.plumbline.reference.profiling.OperatorTimer;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.serving.Batch;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.model.ModelSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** DJL's PyTorch engine with a model on one device. */
public final class DjlEngine implements OperatorTimer {
  /** DJL's name of PyTorch. */
  static final String ENGINE = "PyTorch";

  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

  private final NDManager manager;
  private final BatchDecoder decoder;
  private final EngineFacts facts;

  private DjlEngine(NDManager manager, BatchDecoder decoder, EngineFacts facts) {
    this.manager = manager;
    this.decoder = decoder;
    this.facts = facts;
  }

  /**
   * Starts the engine and loads the model and an empty cache onto the device.
   *
   * @throws IllegalArgumentException if the model's shape or the device is not to be had here
   */
  public static DjlEngine open(ServingPlan plan, DjlOptions options) {
    requireSupported(plan.model());
    Engine engine = start(options.threads());
    Device device = device(engine, options.device());
    if (!device.isGpu()) {
      requireMemory(plan, options.dtype());
    }
    NDManager manager = engine.newBaseManager(device);
    try {
      return new DjlEngine(
          manager, decoder(manager, plan, options), facts(engine, device, options));
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Refuses shapes that the decoders would compute wrongly. */
  static void requireSupported(ModelSpec model) {
    if (!model.postAttentionNorm()) {
      throw new IllegalArgumentException(
          "model %s has postAttentionNorm = false: the decoder has no parallel attention and MLP"
              .formatted(model.name()));
    }
    if (model.headDim() % 2 != 0) {
      throw new IllegalArgumentException(
          "model %s has headDim (%d), which must be even to be rotated in halves"
              .formatted(model.name(), model.headDim()));
    }
  }

  /** Better said now than by the kernel, which ends a process without a word. */
  private static void requireMemory(ServingPlan plan, Dtype dtype) {
    double weights = (double) dtype.bytes() * plan.model().parameters();
    double cache = (double) dtype.bytes() * plan.model().kvElementsPerToken() * plan.slots();
    long available = Hardware.availableMemoryBytes();
    if (weights + cache > available) {
      throw new IllegalArgumentException(
          "weights (%.1f GB) and %d KV blocks (%.1f GB) exceed the %.1f GB of memory that are free. Maybe set kv_cache.blocks, or a lower max_batch_size."
              .formatted(weights / 1e9, plan.blocks(), cache / 1e9, available / 1e9));
    }
  }

  /** PyTorch reads its thread counts once, when it is loaded: they must be there before. */
  private static Engine start(int threads) {
    System.setProperty(THREADS, Integer.toString(threads));
    System.setProperty(INTEROP_THREADS, "1");
    // A measurement uses the libraries that are here; DJL would fetch missing ones by itself.
    System.setProperty("ai.djl.offline", "true");
    Engine engine = Engine.getEngine(ENGINE);
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

  private static BatchDecoder decoder(NDManager manager, ServingPlan plan, DjlOptions options) {
    // On a GPU a call costs more than what it computes for one decode; on a CPU padding does.
    Function<Batch, BatchLayout> grouping =
        manager.getDevice().isGpu() ? BatchLayout::decodesTogether : BatchLayout::separate;
    try (WeightSource weights = options.weights().open(options.seed())) {
      return switch (options.operators()) {
        case TORCH_SCRIPT ->
            new TorchScriptDecoder(
                manager,
                plan.model(),
                weights,
                plan.slots(),
                plan.maxContextTokens(),
                options.dtype(),
                grouping);
        case ND_ARRAY ->
            new NdArrayDecoder(
                manager,
                plan.model(),
                weights,
                plan.slots(),
                plan.maxContextTokens(),
                options.dtype(),
                grouping);
      };
    }
  }

  private static EngineFacts facts(Engine engine, Device device, DjlOptions options) {
    Map<String, String> software = new TreeMap<>();
    software.put("djl", Engine.getDjlVersion());
    software.put("pytorch", engine.getVersion());
    software.put("threads", Integer.toString(options.threads()));
    software.put("dtype", Names.constant(options.dtype()));
    software.put("operators", Names.constant(options.operators()));
    if (device.isGpu()) {
      software.put("cuda", CudaUtils.getCudaVersionString());
      software.put("gpu_driver", Hardware.gpuDriverVersion());
    }
    return new EngineFacts(
        "djl-pytorch", device.isGpu() ? Hardware.gpuName() : Hardware.cpuName(), software);
  }

  @Override
  public void prepare(Batch batch) {
    decoder.prepare(batch);
  }

  @Override
  public void forward() {
    decoder.forward();
  }

  @Override
  public long[] sample() {
    return decoder.sample();
  }

  @Override
  public OperatorNanos operatorNanos() {
    if (decoder instanceof TorchScriptDecoder script) {
      return script.operatorNanos();
    }
    throw new IllegalStateException("only operators of TorchScript can be timed");
  }

  /** What ran here, for the manifest of a run. */
  public EngineFacts facts() {
    return facts;
  }

  @Override
  public void close() {
    decoder.close();
    manager.close();
  }
}
