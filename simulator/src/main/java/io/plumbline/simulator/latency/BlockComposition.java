package io.plumbline.simulator.latency;

import static io.plumbline.simulator.latency.TokenOperator.ADD;
import static io.plumbline.simulator.latency.TokenOperator.ALL_REDUCE;
import static io.plumbline.simulator.latency.TokenOperator.ATTN_KV_CACHE_SAVE;
import static io.plumbline.simulator.latency.TokenOperator.ATTN_POST_PROJ;
import static io.plumbline.simulator.latency.TokenOperator.ATTN_PRE_PROJ;
import static io.plumbline.simulator.latency.TokenOperator.ATTN_ROPE;
import static io.plumbline.simulator.latency.TokenOperator.INPUT_LAYERNORM;
import static io.plumbline.simulator.latency.TokenOperator.MLP_ACT;
import static io.plumbline.simulator.latency.TokenOperator.MLP_DOWN_PROJ;
import static io.plumbline.simulator.latency.TokenOperator.MLP_UP_PROJ;
import static io.plumbline.simulator.latency.TokenOperator.POST_ATTENTION_LAYERNORM;
import static io.plumbline.simulator.latency.TokenOperator.SEND_RECV;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import java.util.EnumSet;
import java.util.Set;

/**
 * Vidur's model of a batch: the time of a stage is its layers times the sum of the operators of one
 * block, plus the transfer to the next stage and, if asked for, the time of the host. Embedding and
 * LM head cost nothing, and the prefills of a batch count as one with the same summed square.
 *
 * @see <a href="https://arxiv.org/abs/2405.05465">Vidur (MLSys'24)</a>
 */
public final class BlockComposition implements ExecutionTimePredictor {
  private static final HostOperator[] HOST_OPERATORS = HostOperator.values();

  /** Those that every layer runs once. */
  private static final Set<TokenOperator> BLOCK_OPERATORS =
      EnumSet.complementOf(EnumSet.of(ALL_REDUCE, SEND_RECV));

  private final OperatorTimes times;
  private final int layersPerStage;
  private final int lastStage;
  private final boolean tensorParallel;
  private final boolean postAttentionNorm;
  private final double collectiveLaunchMs;
  private final double collectiveSkewMs;
  private final double decodeBatchingFactor;
  private final double prefillBatchingFactor;
  private final int kvGranularityTokens;
  private final int tokenGranularity;

  /** Vidur reports the residual add as if there were two, and times one. */
  private final int reportedAdds;

  /** The first so many stages take the host's time besides. */
  private final int hostStages;

  public BlockComposition(
      Deployment deployment,
      BlockOptions options,
      OperatorTimes times,
      Compatibility compatibility) {
    this.times = times;
    int tensor = deployment.parallelism().tensor();
    this.layersPerStage = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    this.tensorParallel = tensor > 1;
    this.postAttentionNorm = deployment.model().postAttentionNorm();
    // StrictMath.pow gives the same bits on every platform.
    this.collectiveSkewMs = options.collectiveSkewMsPerDevice() * StrictMath.pow(tensor, 1.25);
    this.collectiveLaunchMs = options.collectiveLaunchMs();
    boolean grouped = deployment.model().groupedQueryAttention();
    this.decodeBatchingFactor = 1 + (grouped ? options.decodeBatchingOverheadFraction() : 0);
    this.prefillBatchingFactor = 1 + (grouped ? options.prefillBatchingOverheadFraction() : 0);
    this.kvGranularityTokens = options.kvGranularityTokens();
    this.tokenGranularity = options.tokenGranularity();
    // Vidur charges the host again on every stage.
    int charged = compatibility == Compatibility.VIDUR ? deployment.parallelism().pipeline() : 1;
    this.reportedAdds = compatibility == Compatibility.VIDUR ? 2 : 1;
    this.hostStages = options.hostOverhead() == HostOverhead.PROFILED ? charged : 0;
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    int exactTokens = batch.totalTokens();
    int tokens = roundUp(exactTokens, tokenGranularity);
    double communicationMs = communicationMs(tokens);
    // The order of the additions is Vidur's, so that the sums are equal to the last bit.
    double attentionMs =
        times.tokenOperatorMs(ATTN_PRE_PROJ, tokens)
            + times.tokenOperatorMs(ATTN_POST_PROJ, tokens)
            + times.tokenOperatorMs(ATTN_ROPE, tokens)
            + times.tokenOperatorMs(ATTN_KV_CACHE_SAVE, exactTokens)
            + decodeAttentionMs(batch)
            + prefillAttentionMs(batch)
            + communicationMs
            + times.tokenOperatorMs(INPUT_LAYERNORM, tokens);
    double mlpMs =
        times.tokenOperatorMs(MLP_UP_PROJ, tokens)
            + times.tokenOperatorMs(MLP_DOWN_PROJ, tokens)
            + times.tokenOperatorMs(MLP_ACT, tokens)
            + communicationMs
            + (postAttentionNorm ? times.tokenOperatorMs(POST_ATTENTION_LAYERNORM, tokens) : 0);
    double blockMs = attentionMs + mlpMs + times.tokenOperatorMs(ADD, tokens);
    double sendMs = stage < lastStage ? times.tokenOperatorMs(SEND_RECV, tokens) : 0;
    return (blockMs * layersPerStage + sendMs + afterPauseMs(batch, stage)) * 1e-3;
  }

  /** Of the first stage: no other is told how long it waited. */
  private double afterPauseMs(Batch batch, int stage) {
    return stage == 0 && hostStages > 0 && batch.pauseSeconds() > 0
        ? times.afterPauseMs(batch.totalTokens()) * PauseOperator.share(batch.pauseSeconds())
        : 0;
  }

  @Override
  public double hostSeconds(Batch batch, int stage) {
    if (stage >= hostStages) {
      return 0;
    }
    double ms = 0;
    for (HostOperator operator : HOST_OPERATORS) {
      ms += times.hostOperatorMs(operator, batch.size());
    }
    return ms * 1e-3;
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    int tokens = roundUp(batch.totalTokens(), tokenGranularity);
    for (TokenOperator operator : BLOCK_OPERATORS) {
      double ms =
          times.tokenOperatorMs(
              operator, operator == ATTN_KV_CACHE_SAVE ? batch.totalTokens() : tokens);
      if (operator != POST_ATTENTION_LAYERNORM || postAttentionNorm) {
        tell(consumer, operator, operator == ADD ? ms * reportedAdds : ms, layersPerStage);
      }
    }
    if (batch.prefillTokens() > 0) {
      consumer.operator(
          AttentionOperator.PREFILL.profileName(), prefillAttentionMs(batch), layersPerStage);
    }
    if (batch.decodeTokens() > 0) {
      consumer.operator(
          AttentionOperator.DECODE.profileName(), decodeAttentionMs(batch), layersPerStage);
    }
    if (tensorParallel) {
      tell(consumer, ALL_REDUCE, communicationMs(tokens), 2 * layersPerStage);
    }
    if (stage < lastStage) {
      tell(consumer, SEND_RECV, times.tokenOperatorMs(SEND_RECV, tokens), 1);
    }
    double pauseMs = afterPauseMs(batch, stage);
    if (pauseMs > 0) {
      consumer.operator(PauseOperator.AFTER_PAUSE.profileName(), pauseMs, 1);
    }
    if (stage < hostStages) {
      for (HostOperator operator : HOST_OPERATORS) {
        consumer.operator(operator.profileName(), times.hostOperatorMs(operator, batch.size()), 1);
      }
    }
  }

  private static void tell(
      OperatorConsumer consumer, TokenOperator operator, double callMs, int calls) {
    consumer.operator(operator.profileName(), callMs, calls);
  }

  /** One all-reduce; it stands after attention and after the MLP. */
  private double communicationMs(int tokens) {
    return tensorParallel
        ? times.tokenOperatorMs(ALL_REDUCE, tokens) + collectiveLaunchMs + collectiveSkewMs
        : 0;
  }

  private double decodeAttentionMs(Batch batch) {
    int requests = batch.decodes();
    if (requests == 0) {
      return 0;
    }
    int mean = roundUp((int) (batch.decodeContextTokens() / requests), kvGranularityTokens);
    double ms = times.decodeAttentionMs(requests, mean);
    return requests > 1 ? ms * decodeBatchingFactor : ms;
  }

  private double prefillAttentionMs(Batch batch) {
    int requests = batch.prefills();
    if (requests == 0) {
      return 0;
    }
    int contextTokens = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isPrefill(i)) {
        contextTokens += roundUp(batch.contextTokens(i), kvGranularityTokens);
      }
    }
    int chunk = (int) Math.rint(Math.sqrt(batch.prefillSquares()));
    double ms = times.prefillAttentionMs(contextTokens, chunk);
    return requests > 1 ? ms * prefillBatchingFactor : ms;
  }

  private static int roundUp(int value, int granularity) {
    return (value + granularity - 1) / granularity * granularity;
  }
}
