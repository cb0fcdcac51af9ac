package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ModelSpec;

/**
 * Adds up operators of a described device for the models of today: one after the other, nothing
 * overlapped. docs/llmcompass.md says which operator of a model becomes which of LLMCompass.
 */
final class LlmcompassPredictor implements ExecutionTimePredictor {
  private final ModelSpec model;
  private final int layers;
  private final int lastStage;
  private final int tensor;
  private final CompassOperators operators;
  private final CompassLayer layer;
  private final CompassAttention attention;
  private final HardwareSystem system;
  private final int dtypeBytes;

  LlmcompassPredictor(
      Deployment deployment,
      HardwareSystem system,
      CompassOperators operators,
      CompassAttention attention) {
    this.model = deployment.model();
    this.layers = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    this.tensor = deployment.parallelism().tensor();
    this.system = system;
    this.dtypeBytes = deployment.dtype().bytes();
    this.operators = operators;
    this.layer = new CompassLayer(deployment, operators);
    this.attention = attention;
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    double[] total = new double[1];
    operators(batch, stage, (name, callMs, calls) -> total[0] += callMs * calls);
    return total[0] / 1e3;
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    int tokens = batch.totalTokens();
    int sparse = sparseLayers(stage);
    CompassLayer.Times times = layer.times(tokens);
    tell(consumer, "attn_pre_proj", times.beforeAttention(), layers);
    tell(consumer, "attn_post_proj", times.afterAttention(), layers);
    if (batch.prefillTokens() > 0) {
      tell(consumer, AttentionOperator.PREFILL.profileName(), attention.prefills(batch), layers);
    }
    if (batch.decodeTokens() > 0) {
      tell(consumer, AttentionOperator.DECODE.profileName(), attention.decodes(batch), layers);
    }
    tell(consumer, "norm", times.norms(), layers);
    if (layers > sparse) {
      tell(consumer, "mlp", times.mlp(), layers - sparse);
    }
    if (sparse > 0) {
      tell(consumer, "experts", times.experts(), sparse);
    }
    if (tensor > 1) {
      tell(consumer, "all_reduce", allReduce(tokens), 2 * layers);
    }
    if (stage == lastStage) {
      tell(consumer, "lm_head", head(batch), 1);
    } else {
      tell(consumer, "send_recv", transfer(tokens), 1);
    }
  }

  private static void tell(OperatorConsumer consumer, String name, double seconds, int calls) {
    consumer.operator(name, seconds * 1e3, calls);
  }

  /** Layers of a stage that have experts: the dense ones are the first of the model. */
  private int sparseLayers(int stage) {
    if (!model.mixtureOfExperts()) {
      return 0;
    }
    int dense = model.expertLayers().firstDenseLayers() - stage * layers;
    return layers - Math.max(0, Math.min(layers, dense));
  }

  private double allReduce(int tokens) {
    return operators.allReduce(rowBytes(tokens), tensor);
  }

  private double transfer(int tokens) {
    double perSecond = system.links().oneWayBytesPerSecond() * system.links().linksPerDevice();
    return system.links().latencySeconds() + rowBytes(tokens) / perSecond;
  }

  private long rowBytes(int tokens) {
    return (long) tokens * model.hiddenSize() * dtypeBytes;
  }

  /** The norm over all tokens; only one row per request reaches the LM head. */
  private double head(Batch batch) {
    long vocabulary = Math.max(1, model.vocabularySize() / tensor);
    return operators.norm(batch.totalTokens(), model.hiddenSize())
        + operators.product(batch.size(), vocabulary, model.hiddenSize());
  }
}
