package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * What today's kernels add to LLMCompass's bounds: launches inside of CUDA graphs, flash attention,
 * shares of the peaks that are reached. Fitted to measured kernels by {@code operator --tune}.
 *
 * @param product of matrices; its memory factor is that of element-wise work as well
 * @param prefill flash attention of a prompt
 * @param decode flash attention of decodes
 * @param allReduce over links
 */
public record CompassTuning(
    BoundCurve product, BoundCurve prefill, DecodeCurve decode, LinkCurve allReduce)
    implements Serializable {}
