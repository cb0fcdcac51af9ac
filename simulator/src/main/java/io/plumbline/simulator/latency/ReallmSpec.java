package io.plumbline.simulator.latency;

import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.simulator.reallm.AllReduce;
import io.plumbline.simulator.reallm.Degrees;
import io.plumbline.simulator.reallm.DenseModel;
import io.plumbline.simulator.reallm.ExpertDraws;
import io.plumbline.simulator.reallm.IterationTimes;
import io.plumbline.simulator.reallm.KernelKind;
import io.plumbline.simulator.reallm.KernelLibrary;
import io.plumbline.simulator.reallm.KernelTable;
import io.plumbline.simulator.reallm.KernelTimes;
import io.plumbline.simulator.reallm.LatentModel;
import io.plumbline.simulator.reallm.ReallmModel;
import io.plumbline.simulator.reallm.RooflineKernels;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import java.util.EnumMap;
import java.util.Map;

/**
 * Latency as ReaLLM adds it up: kernels of an iteration out of a library that was timed once, or by
 * LLMCompass's rooflines. Tensor and pipeline degrees are the deployment's; those that only ReaLLM
 * has are options.
 *
 * @param method where latencies of kernels come from
 * @param root folder of the library, {@code DEVICE_matmul_latency.csv} and so on
 * @param library the device that the files are named by; null for a name of the deployment's device
 * @param ioAlgo the collective between the devices of a layer
 * @param contextParallel devices that share the tokens of an iteration, ReaLLM's {@code cp}
 * @param expertShare devices that share the experts of one replica, ReaLLM's {@code ep}
 * @param seed of NumPy's stream that decides which experts tokens go to
 */
public record ReallmSpec(
    Method method,
    String root,
    String library,
    AllReduce ioAlgo,
    int contextParallel,
    int expertShare,
    long seed)
    implements PredictorSpec {

  /** ReaLLM's {@code sim_method}. */
  public enum Method {
    /** The library; ReaLLM calls it {@code llmcompass}, by which it was timed. */
    LIBRARY,
    ROOFLINE
  }

  public ReallmSpec {
    if (contextParallel < 1 || expertShare < 1) {
      throw new IllegalArgumentException(
          "contextParallel (%d) and expertShare (%d) must be positive"
              .formatted(contextParallel, expertShare));
    }
    if (seed < 0 || seed > 0xffffffffL) {
      throw new IllegalArgumentException(
          "seed (%d) must be between 0 and 2^32 - 1, NumPy takes no other".formatted(seed));
    }
  }

  /** The library of the deployment's device, and reductions in the switch. */
  public static ReallmSpec defaults() {
    return new ReallmSpec(Method.LIBRARY, "reallm/kernel_lib", null, AllReduce.MULTISHOT, 1, 1, 0);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    KernelTimes kernels =
        switch (method) {
          case LIBRARY -> library(profiles.profile(profileQuery(), deployment));
          case ROOFLINE -> new RooflineKernels(hardware(deployment).device());
        };
    return new ReallmPredictor(
        new IterationTimes(model(deployment.model()), degrees(deployment), kernels, ioAlgo),
        new ExpertDraws(seed));
  }

  @Override
  public void requireSupports(Deployment deployment) {
    deployment.requireUnquantized("reallm");
    if (deployment.dtype() != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "reallm knows 16 bits, but dtype is %s. Maybe dtype: float16"
              .formatted(deployment.dtype()));
    }
    if (deployment.parallelism().expert() > 1) {
      throw new IllegalArgumentException(
          "reallm shares experts within a replica, but expert_parallel is %d. Maybe expert_parallel: 1 and expert_share of the predictor"
              .formatted(deployment.parallelism().expert()));
    }
    model(deployment.model()).requireFits(degrees(deployment));
    if (method == Method.ROOFLINE) {
      hardware(deployment);
    }
  }

  @Override
  public ProfileQuery profileQuery() {
    return method == Method.LIBRARY ? new ProfileQuery(ProfileFormat.REALLM, root, library) : null;
  }

  private Degrees degrees(Deployment deployment) {
    return new Degrees(
        expertShare,
        deployment.parallelism().tensor(),
        deployment.parallelism().pipeline(),
        contextParallel,
        1);
  }

  private HardwareSystem hardware(Deployment deployment) {
    String name = library == null ? deployment.device().name() : library;
    HardwareSystem system = BuiltInHardware.of(name);
    if (system == null) {
      throw new IllegalArgumentException(
          "there is no hardware description %s for its roofline. Maybe library: one of %s"
              .formatted(name, String.join(", ", BuiltInHardware.names())));
    }
    return system;
  }

  private static KernelLibrary library(OperatorProfile profile) {
    Map<KernelKind, KernelTable> tables = new EnumMap<>(KernelKind.class);
    for (ReallmOperator operator : ReallmOperator.values()) {
      Samples samples = profile.samples().get(operator);
      if (samples != null) {
        tables.put(operator.kind(), table(operator.kind(), samples));
      }
    }
    return new KernelLibrary(tables);
  }

  private static KernelTable table(KernelKind kind, Samples samples) {
    long[][] shapes = new long[samples.rows()][kind.dimensions()];
    for (int row = 0; row < shapes.length; row++) {
      for (int i = 0; i < shapes[row].length; i++) {
        shapes[row][i] = (long) samples.features()[i][row];
      }
    }
    return new KernelTable(kind, shapes, samples.targets());
  }

  /** What ReaLLM would know of a model: no embedding, no LM head. */
  private static ReallmModel model(ModelSpec model) {
    LatentAttention latent = model.latentAttention();
    ExpertLayers experts = model.expertLayers();
    if (latent == null && experts == null && model.gatedMlp()) {
      return new DenseModel(
          model.layers(),
          model.hiddenSize(),
          model.mlpHiddenSize(),
          model.headDim(),
          model.queryHeads(),
          model.kvHeads());
    }
    if (latent == null || experts == null || latent.queryRank() == null) {
      throw new IllegalArgumentException(
          "reallm knows dense models with a gated MLP, and models with latent attention, compressed queries and experts, but not %s. Maybe predictor: roofline"
              .formatted(model.name()));
    }
    return new LatentModel(
        model.layers(),
        model.hiddenSize(),
        model.mlpHiddenSize(),
        experts.expertHiddenSize(),
        experts.firstDenseLayers(),
        model.queryHeads(),
        experts.sharedExperts(),
        experts.experts(),
        experts.expertsPerToken(),
        latent.kvRank(),
        latent.queryRank(),
        latent.plainHeadDim(),
        latent.ropeHeadDim(),
        latent.valueHeadDim());
  }
}
