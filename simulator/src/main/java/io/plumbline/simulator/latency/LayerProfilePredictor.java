package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.GraphMode;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Link;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.ModelSpec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up a profile of single layers, in microseconds. Tokens are those of the captured graph, if
 * one runs. Several prefills count as one with the same summed square and the same pairs with their
 * contexts, as in Vidur.
 *
 * <p>Uneven contexts: where the kernel gives each context to one block of threads, a batch of
 * decodes cannot end before its longest one does, and the last blocks leave the device half empty.
 * Both are in the profile, measured with two lengths of context. In a batch with a prefill, whose
 * tiles fill such gaps, the mean context counts.
 */
final class LayerProfilePredictor implements ExecutionTimePredictor {
  private static final List<LayerOperator> DENSE_LAYER =
      List.of(
          LayerOperator.LAYERNORM,
          LayerOperator.LAYERNORM,
          LayerOperator.QKV_PROJ,
          LayerOperator.QK_NORM,
          LayerOperator.ROTARY_EMB,
          LayerOperator.O_PROJ,
          LayerOperator.GATE_UP_PROJ,
          LayerOperator.ACT_FN,
          LayerOperator.DOWN_PROJ);

  private static final int LONGEST_STEP_TOKENS = 16;

  private final Deployment deployment;
  private final LayerProfileSpec spec;
  private final ModelSpec model;
  private final int layers;
  private final int lastStage;
  private final Map<LayerOperator, MeasuredCurve> curves = new EnumMap<>(LayerOperator.class);
  private final double maxTokens;
  private final double maxSequences;

  /** By tokens, of one layer: all but attention, experts and collectives. */
  private final double[] denseUs;

  private final MeasuredTree attention;
  private final MeasuredTree experts;
  private final SkewTable skew;

  /** By context in steps: the time of one long context among short ones; NaN until asked. */
  private final double[] longestUs;

  private final int unsplitBatch;

  /** Splitting ends somewhere between half of that batch and it: in the middle, as they double. */
  private final double leastUnsplit;

  LayerProfilePredictor(
      Deployment deployment, LayerProfileSpec spec, OperatorProfile profile, TableLimits limits) {
    this.deployment = deployment;
    this.spec = spec;
    this.model = deployment.model();
    this.layers = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    for (LayerOperator operator : LayerOperator.values()) {
      Samples measured = profile.samples().get(operator);
      if (measured != null && measured.features().length == 1) {
        curves.put(operator, profile.curve(operator));
      }
    }
    this.maxTokens = max(profile, LayerOperator.QKV_PROJ);
    this.maxSequences = max(profile, LayerOperator.LM_HEAD);
    this.denseUs = new double[limits.maxBatchTokens() + 1];
    for (int tokens = 1; tokens < denseUs.length; tokens++) {
      denseUs[tokens] = denseUs(tokens);
    }
    this.attention =
        new MeasuredTree(profile.require(LayerOperator.ATTENTION), true, false, true, false);
    this.experts =
        model.mixtureOfExperts()
            ? new MeasuredTree(profile.require(LayerOperator.MOE), false, false)
            : null;
    this.skew =
        profile.samples().containsKey(LayerOperator.SKEW)
            ? new SkewTable(
                profile.require(LayerOperator.SKEW),
                profile.require(LayerOperator.SKEW_DEFAULT).targets()[0])
            : null;
    this.longestUs = new double[limits.maxRequestTokens() / LONGEST_STEP_TOKENS + 2];
    Arrays.fill(longestUs, Double.NaN);
    this.unsplitBatch = skew == null ? 0 : skew.smallestUnsplitBatch(4 * 1024);
    this.leastUnsplit = unsplitBatch == 0 ? Double.POSITIVE_INFINITY : unsplitBatch / Math.sqrt(2);
  }

  private static double max(OperatorProfile profile, LayerOperator operator) {
    return Arrays.stream(profile.require(operator).features()[0]).max().orElseThrow();
  }

  private double us(LayerOperator operator, double size) {
    MeasuredCurve curve = curves.get(operator);
    return curve == null ? 0 : curve.ms(size);
  }

  private double denseUs(int tokens) {
    double us = 0;
    for (LayerOperator operator : DENSE_LAYER) {
      us += us(operator, tokens);
    }
    return us;
  }

  private double layerUs(int tokens) {
    return tokens < denseUs.length ? denseUs[tokens] : denseUs(tokens);
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    int tokens = batch.paddedTokens();
    double us =
        layers * (layerUs(tokens) + attentionUs(batch) + tensorCollectivesUs(tokens, stage))
            + (model.mixtureOfExperts() ? layers * expertsUs(tokens) : 0)
            + outsideLayersUs(batch, tokens, stage);
    return us * 1e-6 + spec.unprofiled().seconds(batch);
  }

  @Override
  public double stepSeconds(Batch[] ranks, int stage) {
    int largest = 1;
    for (Batch batch : ranks) {
      largest = batch == null ? largest : Math.max(largest, batch.paddedTokens());
    }
    boolean captured = true;
    for (Batch batch : ranks) {
      captured &= batch == null || batch.graph() != GraphMode.NONE;
    }
    int all = 0;
    for (Batch batch : ranks) {
      all += captured ? largest : tokensOf(batch);
    }
    double sharedUs = layers * (expertsUs(all) + exchangeUs(all, ranks.length));
    double slowest = 0;
    for (Batch batch : ranks) {
      if (batch != null) {
        int tokens = captured ? largest : tokensOf(batch);
        double us =
            layers * (layerUs(tokens) + attentionUs(batch) + tensorCollectivesUs(tokens, stage))
                + outsideLayersUs(batch, tokens, stage);
        slowest = Math.max(slowest, us * 1e-6 + spec.unprofiled().seconds(batch));
      }
    }
    return slowest + sharedUs * 1e-6;
  }

  /** A rank without work has one token. Ranks that run captured graphs run the largest one. */
  private static int tokensOf(Batch batch) {
    return batch == null ? 1 : batch.paddedTokens();
  }

  private double outsideLayersUs(Batch batch, int tokens, int stage) {
    double us = stage == 0 ? us(LayerOperator.EMBEDDING, tokens) : 0;
    if (stage == lastStage) {
      us +=
          us(LayerOperator.FINAL_LAYERNORM, tokens)
              + us(LayerOperator.LM_HEAD, batch.size())
              + us(LayerOperator.SAMPLER, batch.size());
    } else {
      Link link = deployment.sendLink(stage);
      us += link.latencySeconds() * 1e6 + transferUs(tokens, link);
    }
    return us;
  }

  private double attentionUs(Batch batch) {
    int decodes = batch.decodes();
    double chunk = Math.sqrt(batch.prefillSquares());
    double before = chunk > 0 ? batch.prefillContextPairs() / chunk : 0;
    double mean = decodes > 0 ? (double) batch.decodeContextTokens() / decodes : 0;
    double us = attention.at(chunk, before, decodes, mean);
    if (skew == null || chunk > 0 || decodes < 2) {
      return us;
    }
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (int i = 0; i < batch.size(); i++) {
      shortest = Math.min(shortest, batch.contextTokens(i));
      longest = Math.max(longest, batch.contextTokens(i));
    }
    if (longest == shortest) {
      return us;
    }
    double place = (mean - shortest) / (longest - shortest);
    us += skew.share(decodes, place, longest) * (attention.at(0, 0, decodes, longest) - us);
    return decodes >= leastUnsplit ? Math.max(us, longestUs(longest)) : us;
  }

  /** Time of the smallest batch in which one context of this length was seen to last longest. */
  private double longestUs(int longest) {
    int step = longest / LONGEST_STEP_TOKENS;
    if (step < longestUs.length && !Double.isNaN(longestUs[step])) {
      return longestUs[step];
    }
    double length = (double) step * LONGEST_STEP_TOKENS;
    // As the profile has it: a few long contexts among others of a quarter.
    int few = Math.max(1, unsplitBatch / 32);
    double mean = (few * length + (unsplitBatch - few) * length / 4) / unsplitBatch;
    double atMean = attention.at(0, 0, unsplitBatch, mean);
    double atLongest = attention.at(0, 0, unsplitBatch, length);
    double us = atMean + skew.share(unsplitBatch, 0, length) * (atLongest - atMean);
    if (step < longestUs.length) {
      longestUs[step] = us;
    }
    return us;
  }

  /** The experts of one layer on one device, for the tokens of all ranks that share them. */
  private double expertsUs(int tokens) {
    ExpertLayers layer = model.expertLayers();
    double here = deployment.expertsPerDevice();
    double share = here / layer.experts();
    double used =
        here * (1 - Math.pow(1 - (double) layer.expertsPerToken() / layer.experts(), tokens));
    return experts.at(used, Math.max(1, tokens * share));
  }

  /** Every rank gathers the tokens of all before the experts, and their sums go back after them. */
  private double exchangeUs(int tokens, int ranks) {
    Link link = deployment.expertLink();
    return 2 * (ranks - 1) * (link.latencySeconds() * 1e6 + transferUs(tokens, link) / ranks);
  }

  /** Two all-reduces of a layer: latency of a tree, traffic of a ring. */
  private double tensorCollectivesUs(int tokens, int stage) {
    int tensor = deployment.parallelism().tensor();
    if (tensor == 1) {
      return 0;
    }
    Link link = deployment.tensorLink(stage);
    int hops = Integer.SIZE - Integer.numberOfLeadingZeros(tensor - 1);
    double traffic = 2.0 * (tensor - 1) / tensor * transferUs(tokens, link);
    return 2 * (2 * hops * link.latencySeconds() * 1e6 + traffic);
  }

  private double transferUs(int tokens, Link link) {
    double bytes = (double) tokens * model.hiddenSize() * deployment.dtype().bytes();
    return bytes / (link.bandwidthBytesPerSecond() * spec.networkEfficiency()) * 1e6;
  }

  @Override
  public double hostSeconds(Batch batch, int stage) {
    return stage == 0 ? spec.host().seconds(batch) : 0;
  }

  @Override
  public double extrapolatedSeconds(Batch batch, int stage) {
    double us = 0;
    if (batch.paddedTokens() > maxTokens) {
      us += layers * layerUs(batch.paddedTokens());
    }
    if (batch.size() > maxSequences && stage == lastStage) {
      us += us(LayerOperator.LM_HEAD, batch.size()) + us(LayerOperator.SAMPLER, batch.size());
    }
    double chunk = Math.sqrt(batch.prefillSquares());
    double before = chunk > 0 ? batch.prefillContextPairs() / chunk : 0;
    int decodes = batch.decodes();
    double mean = decodes > 0 ? (double) batch.decodeContextTokens() / decodes : 0;
    return (attention.covers(chunk, before, decodes, mean) ? us : us + layers * attentionUs(batch))
        * 1e-6;
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    int tokens = batch.paddedTokens();
    for (LayerOperator operator : DENSE_LAYER.subList(1, DENSE_LAYER.size())) {
      if (curves.containsKey(operator)) {
        int calls = operator == LayerOperator.LAYERNORM ? 2 * layers : layers;
        consumer.operator(operator.profileName(), us(operator, tokens) * 1e-3, calls);
      }
    }
    consumer.operator(LayerOperator.ATTENTION.profileName(), attentionUs(batch) * 1e-3, layers);
    if (model.mixtureOfExperts()) {
      consumer.operator(LayerOperator.MOE.profileName(), expertsUs(tokens) * 1e-3, layers);
    }
    if (deployment.parallelism().tensor() > 1) {
      double us = tensorCollectivesUs(tokens, stage) / 2;
      consumer.operator(TokenOperator.ALL_REDUCE.profileName(), us * 1e-3, 2 * layers);
    }
    consumer.operator("outside_layers", outsideLayersUs(batch, tokens, stage) * 1e-3, 1);
    consumer.operator("unprofiled", spec.unprofiled().seconds(batch) * 1e3, 1);
  }
}
