package io.plumbline.simulator.hardware;

import io.plumbline.trace.model.ModelSpec;
import java.io.Serializable;

/**
 * One replica's model on its devices: what every latency model and memory plan starts from. The
 * stages take neighbouring devices, beginning with the first of a server.
 *
 * @param dtype number format of the replica; {@code device} has the rate of this one
 */
public record Deployment(
    ModelSpec model, DeviceSku device, NodeSku node, Parallelism parallelism, DataType dtype)
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
    int tensor = parallelism.tensor();
    long attention;
    if (model.latentAttention() != null) {
      attention = model.attentionParameters() / tensor;
    } else {
      long width = (long) model.hiddenSize() * model.headDim();
      attention =
          width * (queryHeadsPerDevice() + 2L * kvHeadsPerDevice()) + width * queryHeadsPerDevice();
    }
    if (!model.mixtureOfExperts()) {
      return (attention + model.mlpParameters() / tensor) * layersPerStage();
    }
    long dense = (model.layers() - model.sparseLayers()) * model.mlpParameters() / tensor;
    long sparse =
        model.sparseLayers()
            * ((long) (expertsPerDevice() * model.expertParameters())
                + model.sharedExpertParameters() / tensor);
    return attention * layersPerStage() + (dense + sparse) / parallelism.pipeline();
  }

  /** Elements (keys plus values, all layers of a stage) that one token leaves on one device. */
  public long kvElementsPerToken() {
    // The compressed vector has no heads to share, so every device keeps all of it.
    return model.latentAttention() != null
        ? (long) layersPerStage() * model.latentAttention().cachedElements()
        : 2L * model.headDim() * kvHeadsPerDevice() * layersPerStage();
  }
}
