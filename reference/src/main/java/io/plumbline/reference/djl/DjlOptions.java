package io.plumbline.reference.djl;

import io.plumbline.reference.replay.DeviceChoice;

/**
 * How DJL runs a model.
 *
 * @param threads threads inside one operation, on the CPU
 * @param seed seed of random weights
 */
public record DjlOptions(
    DeviceChoice device,
    Dtype dtype,
    Operators operators,
    WeightsSpec weights,
    int threads,
    int seed) {}
