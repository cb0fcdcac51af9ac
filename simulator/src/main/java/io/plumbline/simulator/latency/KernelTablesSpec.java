package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import java.util.Locale;

/**
 * Latency from aiconfigurator's tables of single kernels: products of matrices, attention, experts
 * and collectives, interpolated over the measured grid and added up to whole iterations of any
 * model whose shapes the tables have. What no table has (norms, activations, rotary embedding,
 * writing of keys and values, sampling) counts as memory traffic plus a launch, as aiconfigurator
 * does. Beyond what was measured it follows the last slope and is counted as extrapolated.
 *
 * @param root folder that holds {@code SYSTEM/gemm}, {@code SYSTEM/attention} and so on
 * @param framework the engine whose kernels were timed
 * @param version of that engine; null for the latest there is
 * @param expertDistribution how the timed tokens were spread over experts
 * @param memoryEfficiency share of the memory bandwidth that kernels without a table reach
 * @param host work of the host in every iteration, which the devices do not wait for under
 *     asynchronous scheduling
 * @param unprofiled time of the devices in every iteration that no kernel accounts for
 */
public record KernelTablesSpec(
    String root,
    String framework,
    String version,
    String expertDistribution,
    double memoryEfficiency,
    StepTerms host,
    StepTerms unprofiled)
    implements PredictorSpec, TermedSpec {

  public KernelTablesSpec {
    if (!(memoryEfficiency > 0 && memoryEfficiency <= 1)) {
      throw new IllegalArgumentException(
          "memoryEfficiency (%s) must be above 0 and at most 1".formatted(memoryEfficiency));
    }
  }

  /**
   * The newest tables of vLLM, and its host. 0.8 of the bandwidth is {@code
   * mem_bw_empirical_scaling_factor} of aiconfigurator's cards (commit 095f58a).
   */
  public static KernelTablesSpec defaults() {
    return new KernelTablesSpec(
        "aiconfigurator/op_perf",
        "vllm",
        null,
        "power_law_1.2",
        0.8,
        StepTerms.ofVllm(),
        StepTerms.defaults());
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    return new KernelTablesPredictor(
        deployment, this, profiles.profile(profileQuery(), deployment), limits);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    if (deployment.dtype() != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "kernel_tables were measured with activations in 16 bits, but dtype is %s. Maybe predictor: roofline"
              .formatted(deployment.dtype().name().toLowerCase(Locale.ROOT)));
    }
    if (deployment.device().memoryBandwidthBytesPerSecond() == null
        || deployment.device().kernelLaunchSeconds() == null) {
      throw new IllegalArgumentException(
          "kernel_tables needs the memory bandwidth and the kernel launch time of %s for what no table has. Maybe choose a device with a card, or give them."
              .formatted(deployment.device().name()));
    }
    if (deployment.parallelism().replicasInStep() > 1) {
      throw new IllegalArgumentException(
          "kernel_tables has no exchange of tokens between replicas that share experts. Maybe predictor: layer_profile, or expert_parallel: %d"
              .formatted(deployment.parallelism().tensor()));
    }
    if (deployment.parallelism().pipeline() > 1 && !deployment.node().linksKnown()) {
      throw new IllegalArgumentException(
          "kernel_tables needs the links of %s between pipeline stages. Maybe choose a node with a card, or give them."
              .formatted(deployment.node().name()));
    }
  }

  @Override
  public PredictorSpec with(StepTerms newHost, StepTerms newUnprofiled) {
    return new KernelTablesSpec(
        root, framework, version, expertDistribution, memoryEfficiency, newHost, newUnprofiled);
  }

  @Override
  public ProfileQuery profileQuery() {
    return new ProfileQuery(root, new KernelChoice(framework, version, expertDistribution));
  }
}
