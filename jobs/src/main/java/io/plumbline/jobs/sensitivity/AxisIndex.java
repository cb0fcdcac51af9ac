package io.plumbline.jobs.sensitivity;

/**
 * How much one axis of a grid moves a metric.
 *
 * @param axis its name
 * @param values how many values it has
 * @param firstOrder Sobol's first-order index: share of the metric's variance that the axis
 *     explains alone; null if the metric does not vary
 * @param total Sobol's total index: share that is left when all other axes are known; null likewise
 * @param meanAbsoluteEffect Morris's mu*: mean size of the change from a value to the next one, all
 *     else equal, in the metric's unit; null if the axis has one value
 * @param effectDeviation Morris's sigma: standard deviation of these changes, which is 0 where the
 *     axis acts the same everywhere; null if there are fewer than two
 */
public record AxisIndex(
    String axis,
    int values,
    Double firstOrder,
    Double total,
    Double meanAbsoluteEffect,
    Double effectDeviation) {}
