package io.plumbline.jobs.fidelity;

import java.io.Serializable;

/**
 * A part of the values of one metric of one pair, as one task found them.
 *
 * @param side 0 for measured, 1 for simulated
 * @param repeat which of the side's runs they are of
 * @param binned whether they are bins of {@link GroupedBins}
 * @param values each with its bootstrap group as its unit
 */
record SampleChunk(int side, int repeat, boolean binned, CountedValues values)
    implements Serializable {}
