package io.plumbline.simulator.latency;

import java.io.Serializable;

/**
 * Which of several tables of the same kernel.
 *
 * @param framework the engine whose kernels were timed, e.g. {@code vllm}
 * @param version of the engine; null for the latest there is
 * @param expertDistribution how tokens were spread over experts, e.g. {@code power_law_1.2}
 */
public record KernelChoice(String framework, String version, String expertDistribution)
    implements Serializable {}
