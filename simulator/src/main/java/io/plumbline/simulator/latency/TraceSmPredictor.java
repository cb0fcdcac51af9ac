package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.sm.SmGpu;
import io.plumbline.simulator.sm.SmOperators;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.RowReduction;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds up generated kernels, one after the other. Those that work on tokens are taken from a grid
 * of token counts; attention rounds queries and keys up to such sizes. Collectives and transfers
 * are the roofline's.
 */
final class TraceSmPredictor implements ExecutionTimePredictor {
  private final ModelSpec model;
  private final int layers;
  private final int lastStage;
  private final int tensor;
  private final int queryHeads;
  private final int kvHeads;
  private final SmOperators operators;
  private final double launchSeconds;
  private final RooflineNetwork network;
  private final SizeGrid beforeAttention;
  private final SizeGrid afterAttention;
  private final SizeGrid norms;
  private final SizeGrid mlp;
  private final SizeGrid head;
  private final Map<Long, Double> attention = new HashMap<>();

  TraceSmPredictor(Deployment deployment, SmGpu gpu, double launchShare) {
    model = deployment.model();
    layers = deployment.layersPerStage();
    lastStage = deployment.parallelism().pipeline() - 1;
    tensor = deployment.parallelism().tensor();
    queryHeads = deployment.queryHeadsPerDevice();
    kvHeads = deployment.kvHeadsPerDevice();
    operators = new SmOperators(gpu);
    launchSeconds = launchShare * deployment.device().kernelLaunchSeconds();
    network = new RooflineNetwork(deployment, RooflineSpec.defaults());
    int hidden = model.hiddenSize();
    int heads = queryHeads * model.headDim();
    int width = Math.max(1, model.mlpHiddenSize() / tensor);
    beforeAttention =
        new SizeGrid(m -> product(m, (queryHeads + 2 * kvHeads) * model.headDim(), hidden));
    afterAttention = new SizeGrid(m -> product(m, hidden, heads));
    norms = new SizeGrid(m -> norm(m));
    mlp = new SizeGrid(m -> mlp(m, width));
    head = new SizeGrid(m -> product(m, Math.max(1, model.vocabularySize() / tensor), hidden));
  }

  private double product(int m, int n, int k) {
    return kernel(operators.matmul(m, n, k, 1));
  }

  private double norm(int rows) {
    return kernel(operators.reduction(RowReduction.Function.RMS_NORM, rows, model.hiddenSize()));
  }

  private double mlp(int rows, int width) {
    long elements = (long) rows * width;
    double activation =
        model.gatedMlp() ? kernel(operators.gatedSilu(elements)) : kernel(operators.gelu(elements));
    return product(rows, model.gatedMlp() ? 2 * width : width, model.hiddenSize())
        + activation
        + product(rows, model.hiddenSize(), width);
  }

  private double kernel(KernelProgram program) {
    return operators.seconds(program) + launchSeconds;
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
    tell(consumer, "attn_pre_proj", beforeAttention.at(tokens), layers);
    tell(consumer, "attn_post_proj", afterAttention.at(tokens), layers);
    if (batch.prefillTokens() > 0) {
      tell(consumer, AttentionOperator.PREFILL.profileName(), prefills(batch), layers);
    }
    if (batch.decodeTokens() > 0) {
      tell(consumer, AttentionOperator.DECODE.profileName(), decodes(batch), layers);
    }
    int normsOfLayer = model.postAttentionNorm() ? 2 : 1;
    tell(consumer, "norm", norms.at(tokens), normsOfLayer * layers);
    tell(consumer, "mlp", mlp.at(tokens), layers);
    if (tensor > 1) {
      tell(consumer, "all_reduce", network.allReduce(tokens, stage), 2 * layers);
    }
    if (stage == lastStage) {
      tell(consumer, "lm_head", norms.at(tokens) + head.at(batch.size()), 1);
    } else {
      tell(consumer, "send_recv", network.transfer(tokens, stage), 1);
    }
  }

  private static void tell(OperatorConsumer consumer, String name, double seconds, int calls) {
    consumer.operator(name, seconds * 1e3, calls);
  }

  /**
   * Each prefill by itself, its heads as many rows of queries. A query sees the context and half of
   * its own chunk.
   */
  private double prefills(Batch batch) {
    double seconds = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isPrefill(i)) {
        int tokens = batch.tokens(i);
        int keys = batch.contextTokens(i) + (tokens + 1) / 2;
        seconds += attention(1, tokens * (queryHeads / kvHeads), keys);
      }
    }
    return seconds;
  }

  private double decodes(Batch batch) {
    int mean = (int) Math.max(1, batch.decodeContextTokens() / Math.max(1, batch.decodes()));
    return attention(batch.decodes(), Math.max(1, queryHeads / kvHeads), mean);
  }

  private double attention(int sequences, int rows, int keys) {
    int gridSequences = sequences < SizeGrid.SMALLEST ? sequences : SizeGrid.covering(sequences);
    int gridRows = SizeGrid.covering(rows);
    int gridKeys = SizeGrid.covering(keys);
    long key = ((long) gridSequences << 24 | gridRows) << 24 | gridKeys;
    return attention.computeIfAbsent(
        key,
        unknown ->
            kernel(
                operators.attention(gridSequences * kvHeads, gridRows, gridKeys, model.headDim())));
  }
}
