package io.plumbline.simulator.hardware;

import io.plumbline.trace.model.MatrixFormat;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.io.Serializable;
import java.util.Locale;

/**
 * One replica's model on its devices: what every latency model and memory plan starts from. The
 * stages take neighbouring devices, beginning with the first of a server.
 *
 * @param dtype number format of activations and of what is not quantised; {@code device} has the
 *     rate of this one
 * @param quantization how the weights are quantised, whatever the model's card says; null if they
 *     are not
 * @param kvFormat number format of keys and values
 */
public record Deployment(
    ModelSpec model,
    DeviceSku device,
    NodeSku node,
    Parallelism parallelism,
    DataType dtype,
    WeightQuantization quantization,
    KvFormat kvFormat)
    implements Serializable {

  public Deployment {
    int tensor = parallelism.tensor();
    int pipeline = parallelism.pipeline();
    if (model.layers() % pipeline != 0) {
      throw new IllegalArgumentException(
          "layers (%d) of %s must be a multiple of the pipeline stages (%d)"
              .formatted(model.layers(), model.name(), pipeline));
    }
    if (model.queryHeads() % tensor != 0) {
      throw new IllegalArgumentException(
          "query heads (%d) of %s must be a multiple of the tensor parallel degree (%d)"
              .formatted(model.queryHeads(), model.name(), tensor));
    }
    if (parallelism.expert() > 1) {
      requireExperts(model, parallelism);
    }
    int devices = parallelism.devices();
    if (devices > node.devicesPerNode() && devices % node.devicesPerNode() != 0) {
      throw new IllegalArgumentException(
          "a replica of %d devices must fit into a node of %d (%s) or fill several"
              .formatted(devices, node.devicesPerNode(), node.name()));
    }
    if (quantization != null) {
      requireKernels(quantization, device, dtype);
    }
  }

  /** Everything in one number format: nothing is quantised. */
  public Deployment(
      ModelSpec model, DeviceSku device, NodeSku node, Parallelism parallelism, DataType dtype) {
    this(model, device, node, parallelism, dtype, null, KvFormat.AUTO);
  }

  /**
   * Engines have kernels for any weights with activations in 16 bits, but for INT8 with a scale per
   * channel.
   */
  private static void requireKernels(
      WeightQuantization quantization, DeviceSku device, DataType dtype) {
    String format = quantization.format().name().toLowerCase(Locale.ROOT);
    if (dtype != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "quantization is %s, but dtype is %s. Maybe dtype: float16, or quantization: none"
              .formatted(format, dtype.name().toLowerCase(Locale.ROOT)));
    }
    MatrixFormat products = quantization.format().multipliedIn();
    if (products == MatrixFormat.INT8 && device.int8Flops() == null) {
      throw new IllegalArgumentException(
          "quantization is int8, but %s has no rate of INT8 products. Maybe quantization: w8a16, or give dense_int8_flops"
              .formatted(device.name()));
    }
  }

  private static void requireExperts(ModelSpec model, Parallelism parallelism) {
    int experts = model.mixtureOfExperts() ? model.expertLayers().experts() : 0;
    if (experts == 0 || experts % parallelism.expert() != 0) {
      throw new IllegalArgumentException(
          "experts (%d) of %s must be a multiple of the expert parallel degree (%d)"
              .formatted(experts, model.name(), parallelism.expert()));
    }
  }

  /** Whether a replica spans servers, so that stages talk over the network between them. */
  public boolean multiNode() {
    return parallelism.devices() > node.devicesPerNode();
  }

  /** The slowest link among the devices of one stage. */
  public Link tensorLink(int stage) {
    int first = stage * parallelism.tensor();
    return node.slowestLink(first, first + parallelism.tensor() - 1);
  }

  /** The slowest link among the devices that share the experts, neighbours from the first. */
  public Link expertLink() {
    return node.slowestLink(0, parallelism.expert() - 1);
  }

  /** The slowest link over which a stage sends to the next. */
  public Link sendLink(int stage) {
    int first = stage * parallelism.tensor();
    return node.slowestLink(first, first + 2 * parallelism.tensor() - 1);
  }

  public int layersPerStage() {
    return model.layers() / parallelism.pipeline();
  }

  /** Key/value heads on one device; heads are copied where there are fewer than devices. */
  public int kvHeadsPerDevice() {
    int tensor = parallelism.tensor();
    return (model.kvHeads() + tensor - 1) / tensor;
  }

  public int queryHeadsPerDevice() {
    return model.queryHeads() / parallelism.tensor();
  }

  /** Experts of one layer on one device; without expert parallelism a share of each. */
  public double expertsPerDevice() {
    int sharing = Math.max(parallelism.tensor(), parallelism.expert());
    return (double) model.expertLayers().experts() / sharing;
  }

  /** Weights of the transformer blocks on one device, without embedding and LM head. */
  public long blockParametersPerDevice() {
    long parameters = routerParametersPerDevice();
    for (WeightGroup group : WeightGroup.values()) {
      parameters += group == WeightGroup.LM_HEAD ? 0 : parametersPerDevice(group);
    }
    return parameters;
  }

  /**
   * Weights of one group on one device: its share of a stage's layers, of the vocabulary for the LM
   * head.
   */
  public long parametersPerDevice(WeightGroup group) {
    int tensor = parallelism.tensor();
    int pipeline = parallelism.pipeline();
    return switch (group) {
      case ATTENTION -> attentionParametersPerDevice() * layersPerStage();
      case MLP -> denseLayers() * (model.mlpParameters() / tensor) / pipeline;
      case EXPERTS ->
          model.mixtureOfExperts()
              ? model.sparseLayers()
                  * (long) (expertsPerDevice() * model.expertParameters())
                  / pipeline
              : 0;
      case SHARED_EXPERTS ->
          model.mixtureOfExperts()
              ? model.sparseLayers() * (model.sharedExpertParameters() / tensor) / pipeline
              : 0;
      case LM_HEAD -> (long) model.vocabularySize() * model.hiddenSize() / tensor;
    };
  }

  private long denseLayers() {
    return (long) model.layers() - model.sparseLayers();
  }

  /** Of one layer. Compressed keys and values have no heads to share: every device makes them. */
  private long attentionParametersPerDevice() {
    if (model.latentAttention() != null) {
      return model.latentAttention().sharedParameters(model.hiddenSize())
          + model.latentAttention().headParameters(model.hiddenSize(), queryHeadsPerDevice());
    }
    long width = (long) model.hiddenSize() * model.headDim();
    return width * (queryHeadsPerDevice() + 2L * kvHeadsPerDevice())
        + width * queryHeadsPerDevice();
  }

  /** Weights of the routers of a stage's layers, which every device has. */
  private long routerParametersPerDevice() {
    return model.sparseLayers() * model.routerParameters() / parallelism.pipeline();
  }

  /** Bytes of the transformer blocks' weights on one device. */
  public double blockBytesPerDevice() {
    double bytes = (double) dtype.bytes() * routerParametersPerDevice();
    for (WeightGroup group : WeightGroup.values()) {
      bytes +=
          group == WeightGroup.LM_HEAD ? 0 : bytesPerWeight(group) * parametersPerDevice(group);
    }
    return bytes;
  }

  /** Bytes of one weight of a group, its share of scales included. */
  public double bytesPerWeight(WeightGroup group) {
    return quantizes(group) ? quantization.bytesPerWeight() : dtype.bytes();
  }

  /** The format of a group's weights; null if they have the dtype. */
  public WeightFormat weightFormat(WeightGroup group) {
    return quantizes(group) ? quantization.format() : null;
  }

  private boolean quantizes(WeightGroup group) {
    return quantization != null && quantization.covers(group);
  }

  /**
   * The format in which matrices of a group are multiplied. A device without units for the
   * checkpoint's format multiplies in 16 bits, as vLLM's Marlin kernels do.
   *
   * @see <a href="https://docs.vllm.ai/en/stable/features/quantization/fp8/">vLLM, FP8 W8A8</a>
   */
  public MatrixFormat matrixFormat(WeightGroup group) {
    MatrixFormat wanted =
        quantizes(group) ? quantization.format().multipliedIn() : MatrixFormat.DTYPE;
    return device.flopsPerSecond(wanted) == null ? MatrixFormat.DTYPE : wanted;
  }

  /** Peak rate at which matrices of a group are multiplied. */
  public double flopsPerSecond(WeightGroup group) {
    return device.flopsPerSecond(matrixFormat(group));
  }

  /** Bytes of one activation that goes into a product with matrices of a group. */
  public double bytesPerInput(WeightGroup group) {
    return switch (matrixFormat(group)) {
      case DTYPE -> dtype.bytes();
      case FP8, INT8 -> 1;
      case FP4 -> 0.5 + 1.0 / 16;
    };
  }

  /** Elements (keys plus values, all layers of a stage) that one token leaves on one device. */
  public long kvElementsPerToken() {
    // The compressed vector has no heads to share, so every device keeps all of it.
    return model.latentAttention() != null
        ? (long) layersPerStage() * model.latentAttention().cachedElements()
        : 2L * model.headDim() * kvHeadsPerDevice() * layersPerStage();
  }

  /** Bytes of the keys and values of one token, of all layers and heads, each once. */
  public double kvBytesPerToken() {
    long elements =
        model.latentAttention() != null
            ? (long) model.layers() * model.latentAttention().cachedElements()
            : 2L * model.headDim() * model.kvHeads() * model.layers();
    return elements * kvBytesPerElement();
  }

  /** Bytes of one of these elements, its share of scales included. */
  public double kvBytesPerElement() {
    int headDim =
        model.latentAttention() != null
            ? model.latentAttention().cachedElements()
            : model.headDim();
    return kvFormat.bytesPerElement(dtype, headDim);
  }

  /**
   * Refuses formats narrower than the dtype.
   *
   * @param who cannot have them
   */
  public void requireUnquantized(String who) {
    if (quantization != null) {
      throw new IllegalArgumentException(
          "%s knows weights in 16 bits, but quantization is %s. Maybe predictor: roofline, or quantization: none"
              .formatted(who, quantization.format().name().toLowerCase(Locale.ROOT)));
    }
    if (kvFormat != KvFormat.AUTO) {
      throw new IllegalArgumentException(
          "%s knows keys and values in the dtype, but kv_cache_dtype is %s. Maybe predictor: roofline, or kv_cache_dtype: auto"
              .formatted(who, kvFormat.name().toLowerCase(Locale.ROOT)));
    }
  }
}
