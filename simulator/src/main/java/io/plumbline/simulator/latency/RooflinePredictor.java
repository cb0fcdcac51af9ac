package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightGroup;

/**
 * Roofline model of a decoder-only transformer (Williams et al., CACM 2009), one term per operator:
 * projections, attention of decodes and of prefills, MLP or experts, the element-wise rest,
 * collectives, the transfer between stages; on the first stage the embedding, on the last the final
 * norm, the LM head and the sampling. The all-reduce of the embedding and the gathering of the
 * logits under tensor parallelism are left out: they happen once, not in every layer.
 */
final class RooflinePredictor implements ExecutionTimePredictor {
  /** Up and gate, activation, down; residual adds are fused into the norms, as engines do. */
  private static final int KERNELS_OF_MLP = 3;

  /** The final norm, the LM head, the sampling. */
  private static final int KERNELS_OF_HEAD = 3;

  /** A norm with residual reads its input and the residual and writes both. */
  private static final int ROWS_PER_NORM = 4;

  private final ModelSpec model;
  private final int layers;
  private final int lastStage;
  private final int tensor;
  private final RooflineRates rates;
  private final RooflineAttention attention;
  private final RooflineExperts experts;
  private final RooflineNetwork network;
  private final double samplingPasses;
  private final double launchSeconds;
  private final double mlpWidth;
  private final double elementsPerToken;

  RooflinePredictor(Deployment deployment, RooflineSpec spec) {
    this.model = deployment.model();
    this.layers = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    this.tensor = deployment.parallelism().tensor();
    this.rates = new RooflineRates(deployment, spec);
    this.attention = RooflineAttention.of(deployment, spec, rates);
    this.experts = model.mixtureOfExperts() ? new RooflineExperts(deployment, spec, rates) : null;
    this.network = new RooflineNetwork(deployment, spec);
    this.samplingPasses = spec.samplingPasses();
    this.launchSeconds = deployment.device().kernelLaunchSeconds();
    this.mlpWidth = (double) model.mlpHiddenSize() / tensor;
    this.elementsPerToken = 2 * ROWS_PER_NORM * model.hiddenSize() + attention.elementsPerToken();
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    return ownSeconds(batch, stage, Exchange.WITHIN)
        + sparseLayers(stage) * routed(batch.totalTokens());
  }

  @Override
  public double stepSeconds(Batch[] ranks, int stage) {
    int tokens = 0;
    int largest = 1;
    double slowest = 0;
    for (Batch batch : ranks) {
      // A replica without work steps along with one token.
      int own = batch == null ? 1 : batch.totalTokens();
      tokens += own;
      largest = Math.max(largest, own);
      slowest = batch == null ? slowest : Math.max(slowest, ownSeconds(batch, stage, Exchange.ALL));
    }
    double shared = routed(tokens) + network.exchange(tokens, largest, ranks.length);
    return slowest + sparseLayers(stage) * shared;
  }

  /** Who adds up what the experts of a layer give. */
  private enum Exchange {
    /** The devices of a replica. */
    WITHIN,
    /** All that share the experts. */
    ALL
  }

  /** All but the routed experts, and the exchange with other replicas for them. */
  private double ownSeconds(Batch batch, int stage, Exchange exchange) {
    int tokens = batch.totalTokens();
    double layer =
        attention.before(tokens)
            + attention.after(tokens)
            + (attention.decodes(batch) + attention.prefills(batch))
            + rates.traffic(tokens * elementsPerToken)
            + attention.kernels(batch) * launchSeconds
            + (tensor > 1 ? network.allReduce(tokens, stage) : 0);
    double reduced = tensor > 1 ? network.allReduce(tokens, stage) : 0;
    int sparse = sparseLayers(stage);
    double plain = mlpUp(tokens) + activation(tokens) + mlpDown(tokens);
    double total =
        layers * layer + (layers - sparse) * (plain + KERNELS_OF_MLP * launchSeconds + reduced);
    if (sparse > 0) {
      total +=
          sparse
              * (experts.router(tokens)
                  + experts.shared(tokens)
                  + experts.kernels() * launchSeconds
                  + (exchange == Exchange.WITHIN ? reduced : 0));
    }
    return total
        + (stage == 0 ? embedding(tokens) : 0)
        + (stage == lastStage ? head(batch) : network.transfer(tokens, stage));
  }

  private double routed(int tokens) {
    return experts == null ? 0 : experts.routed(tokens);
  }

  /** Layers of a stage that have experts: the dense ones are the first of the model. */
  private int sparseLayers(int stage) {
    if (experts == null) {
      return 0;
    }
    int dense = model.expertLayers().firstDenseLayers() - stage * layers;
    return layers - Math.max(0, Math.min(layers, dense));
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    int tokens = batch.totalTokens();
    int sparse = sparseLayers(stage);
    int dense = layers - sparse;
    tell(consumer, "attn_pre_proj", attention.before(tokens), layers);
    tell(consumer, "attn_post_proj", attention.after(tokens), layers);
    if (batch.prefillTokens() > 0) {
      tell(consumer, AttentionOperator.PREFILL.profileName(), attention.prefills(batch), layers);
    }
    if (batch.decodeTokens() > 0) {
      tell(consumer, AttentionOperator.DECODE.profileName(), attention.decodes(batch), layers);
    }
    if (dense > 0) {
      tell(consumer, "mlp_up_proj", mlpUp(tokens), dense);
      tell(consumer, "mlp_act", activation(tokens), dense);
      tell(consumer, "mlp_down_proj", mlpDown(tokens), dense);
    }
    if (sparse > 0) {
      tell(consumer, "router", experts.router(tokens), sparse);
      tell(consumer, "experts", experts.routed(tokens), sparse);
      tell(consumer, "shared_experts", experts.shared(tokens), sparse);
    }
    tell(consumer, "elementwise", rates.traffic(tokens * elementsPerToken), layers);
    tell(consumer, "kernel_launch", launchSeconds, kernels(batch, dense, sparse));
    if (tensor > 1) {
      tell(consumer, "all_reduce", network.allReduce(tokens, stage), 2 * layers);
    }
    if (stage == 0) {
      tell(consumer, "embedding", embedding(tokens), 1);
    }
    if (stage == lastStage) {
      tell(consumer, "lm_head", head(batch), 1);
    } else {
      tell(consumer, "send_recv", network.transfer(tokens, stage), 1);
    }
  }

  private int kernels(Batch batch, int dense, int sparse) {
    return layers * attention.kernels(batch)
        + dense * KERNELS_OF_MLP
        + (sparse > 0 ? sparse * experts.kernels() : 0);
  }

  private static void tell(OperatorConsumer consumer, String name, double seconds, int calls) {
    consumer.operator(name, seconds * 1e3, calls);
  }

  /** With the gate. */
  private double mlpUp(int tokens) {
    double width = mlpWidth * (model.mlpProjections() - 1);
    return rates.product(tokens, model.hiddenSize(), width, WeightGroup.MLP);
  }

  /** Reads the MLP's inner row, twice if gated, and writes it. */
  private double activation(int tokens) {
    return rates.traffic(tokens * mlpWidth * model.mlpProjections());
  }

  private double mlpDown(int tokens) {
    return rates.product(tokens, mlpWidth, model.hiddenSize(), WeightGroup.MLP);
  }

  /** A row of the table in, a row out. */
  private double embedding(int tokens) {
    return rates.traffic(2.0 * tokens * model.hiddenSize()) + launchSeconds;
  }

  /** Only one row per request reaches the LM head; sampling passes over its logits, all of them. */
  private double head(Batch batch) {
    double vocabulary = model.vocabularySize();
    return rates.traffic((double) ROWS_PER_NORM * batch.totalTokens() * model.hiddenSize())
        + rates.product(batch.size(), model.hiddenSize(), vocabulary / tensor, WeightGroup.LM_HEAD)
        + rates.traffic(samplingPasses * batch.size() * vocabulary)
        + KERNELS_OF_HEAD * launchSeconds;
  }
}
