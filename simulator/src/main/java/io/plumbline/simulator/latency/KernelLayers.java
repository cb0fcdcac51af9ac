package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * What the layers of one stage do with each token for itself: products with weights, experts, and
 * the kernels without a table, in milliseconds by tokens.
 */
final class KernelLayers {
  /** A norm with the residual sum reads and writes both. */
  private static final int ROWS_PER_NORM = 4;

  private static final int NORMS = 2;
  private static final int MLP_KERNELS = 1;

  /** Rotary embedding, and writing of keys and values. */
  private static final int ATTENTION_KERNELS = 2;

  private final List<KernelProduct> ofAll = new ArrayList<>();
  private final List<KernelProduct> ofDense = new ArrayList<>();
  private final List<KernelProduct> ofSparse = new ArrayList<>();
  private final MeasuredTree experts;
  private final double layers;
  private final double sparse;
  private final double elementsPerToken;
  private final int kernels;
  private final MemoryTraffic traffic;

  KernelLayers(
      Deployment deployment, OperatorProfile profile, MemoryTraffic traffic, KernelShapes shapes) {
    ModelSpec model = deployment.model();
    this.traffic = traffic;
    this.layers = deployment.layersPerStage();
    this.sparse = (double) model.sparseLayers() / deployment.parallelism().pipeline();
    boolean latent = model.latentAttention() != null;
    if (!latent) {
      addProjections(deployment, shapes);
    }
    if (sparse < layers) {
      addMlp(deployment, shapes);
    }
    if (sparse > 0) {
      addExperts(model.expertLayers(), shapes, model.hiddenSize(), deployment);
    }
    this.experts =
        sparse > 0 ? new MeasuredTree(profile.require(KernelOperator.EXPERTS), false) : null;
    this.elementsPerToken = elementsPerToken(deployment);
    this.kernels = NORMS + MLP_KERNELS + (latent ? 0 : ATTENTION_KERNELS);
  }

  private static double queries(Deployment deployment) {
    return (double) deployment.queryHeadsPerDevice() * deployment.model().headDim();
  }

  private static double keys(Deployment deployment) {
    return (double) deployment.kvHeadsPerDevice() * deployment.model().headDim();
  }

  private void addProjections(Deployment deployment, KernelShapes shapes) {
    double hidden = deployment.model().hiddenSize();
    double queries = queries(deployment);
    double all = queries + 2 * keys(deployment);
    ofAll.add(shapes.product("qkv_proj", WeightGroup.ATTENTION, all, hidden));
    ofAll.add(shapes.product("o_proj", WeightGroup.ATTENTION, hidden, queries));
  }

  private void addMlp(Deployment deployment, KernelShapes shapes) {
    ModelSpec model = deployment.model();
    double hidden = model.hiddenSize();
    double width = (double) model.mlpHiddenSize() / deployment.parallelism().tensor();
    double both = (model.mlpProjections() - 1) * width;
    ofDense.add(shapes.product("gate_up_proj", WeightGroup.MLP, both, hidden));
    ofDense.add(shapes.product("down_proj", WeightGroup.MLP, hidden, width));
  }

  /**
   * Norms, and where attention has no table of its own for it, rotated queries and keys and cached
   * keys and values; the activation of the plain MLP or of shared experts, in and out.
   */
  private static double elementsPerToken(Deployment deployment) {
    ModelSpec model = deployment.model();
    double norms = (double) NORMS * ROWS_PER_NORM * model.hiddenSize();
    double heads =
        model.latentAttention() != null
            ? 0
            : 2 * (queries(deployment) + keys(deployment)) + 2 * 2 * keys(deployment);
    double width =
        model.mixtureOfExperts()
            ? (double) model.expertLayers().sharedExperts()
                * model.expertLayers().expertHiddenSize()
            : model.mlpHiddenSize();
    return norms + heads + model.mlpProjections() * width / deployment.parallelism().tensor();
  }

  private void addExperts(
      ExpertLayers expert, KernelShapes shapes, double hidden, Deployment deployment) {
    ofSparse.add(shapes.plainProduct("router", expert.experts(), hidden));
    if (expert.sharedExperts() > 0) {
      int tensor = deployment.parallelism().tensor();
      double width = (double) expert.sharedExperts() * expert.expertHiddenSize() / tensor;
      ofSparse.add(
          shapes.product("shared_gate_up_proj", WeightGroup.SHARED_EXPERTS, 2 * width, hidden));
      ofSparse.add(shapes.product("shared_down_proj", WeightGroup.SHARED_EXPERTS, hidden, width));
    }
  }

  private double elementwiseMs(int tokens) {
    return kernels * traffic.launchMs() + traffic.ms(tokens * elementsPerToken);
  }

  /** All layers of the stage. */
  double ms(int tokens) {
    return layers * (sum(ofAll, tokens) + elementwiseMs(tokens))
        + (layers - sparse) * sum(ofDense, tokens)
        + sparse * (sum(ofSparse, tokens) + expertsMs(tokens));
  }

  /** Of {@link #ms}, what lies outside of the tables. */
  double extrapolatedMs(int tokens) {
    double expertsMs = experts == null || experts.encloses(tokens) ? 0 : expertsMs(tokens);
    return layers * extrapolated(ofAll, tokens)
        + (layers - sparse) * extrapolated(ofDense, tokens)
        + sparse * (extrapolated(ofSparse, tokens) + expertsMs);
  }

  private double expertsMs(int tokens) {
    return experts == null ? 0 : experts.at(tokens);
  }

  private static double sum(List<KernelProduct> products, int tokens) {
    double ms = 0;
    for (KernelProduct product : products) {
      ms += product.ms(tokens);
    }
    return ms;
  }

  private static double extrapolated(List<KernelProduct> products, int tokens) {
    double ms = 0;
    for (KernelProduct product : products) {
      ms += product.extrapolatedMs(tokens);
    }
    return ms;
  }

  void operators(int tokens, OperatorConsumer consumer) {
    tell(ofAll, tokens, layers, consumer);
    tell(ofDense, tokens, layers - sparse, consumer);
    tell(ofSparse, tokens, sparse, consumer);
    if (experts != null) {
      consumer.operator(
          KernelOperator.EXPERTS.profileName(), expertsMs(tokens), (int) Math.round(sparse));
    }
    consumer.operator("elementwise", elementwiseMs(tokens), (int) layers);
  }

  private static void tell(
      List<KernelProduct> products, int tokens, double calls, OperatorConsumer consumer) {
    for (KernelProduct product : products) {
      consumer.operator(product.name(), product.ms(tokens), (int) Math.round(calls));
    }
  }
}
