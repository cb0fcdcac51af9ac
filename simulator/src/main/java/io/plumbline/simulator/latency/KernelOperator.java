package io.plumbline.simulator.latency;

/**
 * Kernels that aiconfigurator times one by one on one device, in milliseconds.
 *
 * @see <a href="https://github.com/ai-dynamo/aiconfigurator">aiconfigurator, collector</a>
 */
public enum KernelOperator implements Operator {
  /** A product in 16 bits, over (k, n, m): m rows of k numbers times a matrix of k by n. */
  GEMM("gemm"),
  /** The same in the format of the quantised weights. */
  QUANTIZED_GEMM("quantized_gemm"),
  /** Whole prompts, over (prompts, tokens of each). */
  CONTEXT_ATTENTION("context_attention"),
  /** Decodes, over (decodes, context of each with the token at hand). */
  GENERATION_ATTENTION("generation_attention"),
  /** Latent attention with its projections, over the sizes of {@link #CONTEXT_ATTENTION}. */
  LATENT_CONTEXT("mla_context"),
  /** Likewise of {@link #GENERATION_ATTENTION}. */
  LATENT_GENERATION("mla_generation"),
  /** The experts of one layer on one device, over the tokens that are sent to any expert. */
  EXPERTS("moe"),
  /** The engine's all-reduce inside of a CUDA graph, over elements. */
  ALL_REDUCE_GRAPH("all_reduce_graph"),
  /** The same launched by itself. */
  ALL_REDUCE_EAGER("all_reduce_eager"),
  /** NCCL's all-reduce, over elements. */
  NCCL_ALL_REDUCE("nccl_all_reduce"),
  /** NCCL's all-gather, over elements of the result. */
  NCCL_ALL_GATHER("nccl_all_gather");

  private final String profileName;

  KernelOperator(String profileName) {
    this.profileName = profileName;
  }

  @Override
  public String profileName() {
    return profileName;
  }
}
