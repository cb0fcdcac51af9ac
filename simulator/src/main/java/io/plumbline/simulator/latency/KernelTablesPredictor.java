package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.GraphMode;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Link;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightGroup;

/**
 * Adds up tables of single kernels. Tokens are those of the captured graph, if one runs. Of the LM
 * head's rows each device has its share of the vocabulary, which all gather; the embedding is split
 * likewise and summed.
 */
final class KernelTablesPredictor implements ExecutionTimePredictor {
  /**
   * Of a step's end: the sampler reads the logits, as they come and in 32 bits, and writes those.
   */
  private static final int SAMPLER_ELEMENTS = 5;

  private static final int SAMPLER_KERNELS = 3;

  private final Deployment deployment;
  private final KernelTablesSpec spec;
  private final ModelSpec model;
  private final int tensor;
  private final int layers;
  private final int lastStage;
  private final MemoryTraffic traffic;
  private final KernelLayers eachToken;
  private final KernelAttention attention;
  private final KernelCollectives collectives;
  private final KernelProduct head;

  KernelTablesPredictor(
      Deployment deployment, KernelTablesSpec spec, OperatorProfile profile, TableLimits limits) {
    this.deployment = deployment;
    this.spec = spec;
    this.model = deployment.model();
    this.tensor = deployment.parallelism().tensor();
    this.layers = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    this.traffic = MemoryTraffic.of(deployment, spec.memoryEfficiency());
    KernelShapes shapes = new KernelShapes(deployment, profile, limits.maxBatchTokens());
    this.eachToken = new KernelLayers(deployment, profile, traffic, shapes);
    this.attention =
        model.latentAttention() == null
            ? new KernelAttention(
                profile, KernelOperator.CONTEXT_ATTENTION, KernelOperator.GENERATION_ATTENTION)
            : new KernelAttention(
                profile, KernelOperator.LATENT_CONTEXT, KernelOperator.LATENT_GENERATION);
    this.collectives = tensor > 1 ? new KernelCollectives(profile) : null;
    this.head =
        shapes.product(
            "lm_head",
            WeightGroup.LM_HEAD,
            (double) model.vocabularySize() / tensor,
            model.hiddenSize());
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    int tokens = batch.paddedTokens();
    double ms =
        eachToken.ms(tokens)
            + layers * (attention.contextMs(batch) + attention.generationMs(batch))
            + allReduces(stage) * allReduceMs(batch)
            + (stage == 0 ? embeddingMs(tokens) : 0)
            + (stage == lastStage ? endMs(batch) : sendMs(tokens, stage));
    return ms * 1e-3 + spec.unprofiled().seconds(batch);
  }

  /** After attention and after the MLP of each layer, and after the embedding. */
  private int allReduces(int stage) {
    return tensor == 1 ? 0 : 2 * layers + (stage == 0 ? 1 : 0);
  }

  private double allReduceMs(Batch batch) {
    return tensor == 1
        ? 0
        : collectives.allReduceMs(hiddenElements(batch.paddedTokens()), batch.graph());
  }

  private double hiddenElements(int tokens) {
    return (double) tokens * model.hiddenSize();
  }

  private double embeddingMs(int tokens) {
    return traffic.launchMs() + traffic.ms(2 * hiddenElements(tokens));
  }

  /** LM head, gathering of logits, sampling. */
  private double endMs(Batch batch) {
    return head.ms(batch.size()) + gatherMs(batch) + samplerMs(batch);
  }

  private double logits(Batch batch) {
    return (double) batch.size() * model.vocabularySize();
  }

  private double gatherMs(Batch batch) {
    return tensor == 1 ? 0 : collectives.allGatherMs(logits(batch));
  }

  private double samplerMs(Batch batch) {
    return SAMPLER_KERNELS * traffic.launchMs() + traffic.ms(SAMPLER_ELEMENTS * logits(batch));
  }

  private double sendMs(int tokens, int stage) {
    Link link = deployment.sendLink(stage);
    double bytes = hiddenElements(tokens) * deployment.dtype().bytes();
    return (link.latencySeconds() + bytes / link.bandwidthBytesPerSecond()) * 1e3;
  }

  @Override
  public double hostSeconds(Batch batch, int stage) {
    return stage == 0 ? spec.host().seconds(batch) : 0;
  }

  @Override
  public double extrapolatedSeconds(Batch batch, int stage) {
    int tokens = batch.paddedTokens();
    double ms = eachToken.extrapolatedMs(tokens) + layers * attention.extrapolatedMs(batch);
    if (tensor > 1 && !collectives.allReduceMeasured(hiddenElements(tokens), batch.graph())) {
      ms += allReduces(stage) * allReduceMs(batch);
    }
    if (stage == lastStage) {
      ms += head.extrapolatedMs(batch.size());
      ms += tensor > 1 && !collectives.allGatherMeasured(logits(batch)) ? gatherMs(batch) : 0;
    }
    return ms * 1e-3;
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    int tokens = batch.paddedTokens();
    eachToken.operators(tokens, consumer);
    tell(consumer, attention.contextOperator(), attention.contextMs(batch), layers);
    tell(consumer, attention.generationOperator(), attention.generationMs(batch), layers);
    if (tensor > 1) {
      KernelOperator reduce =
          batch.graph() == GraphMode.NONE
              ? KernelOperator.ALL_REDUCE_EAGER
              : KernelOperator.ALL_REDUCE_GRAPH;
      tell(consumer, reduce, allReduceMs(batch), allReduces(stage));
    }
    if (stage == 0) {
      consumer.operator("embedding", embeddingMs(tokens), 1);
    }
    if (stage == lastStage) {
      consumer.operator(head.name(), head.ms(batch.size()), 1);
      tell(consumer, KernelOperator.NCCL_ALL_GATHER, gatherMs(batch), 1);
      consumer.operator("sampler", samplerMs(batch), 1);
    } else {
      consumer.operator("send_recv", sendMs(tokens, stage), 1);
    }
    consumer.operator("unprofiled", spec.unprofiled().seconds(batch) * 1e3, 1);
  }

  /** What a batch has nothing of is not told. */
  private static void tell(
      OperatorConsumer consumer, KernelOperator operator, double ms, int calls) {
    if (ms > 0) {
      consumer.operator(operator.profileName(), ms, calls);
    }
  }
}
