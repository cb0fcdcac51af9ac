package io.plumbline.jobs.bench;

/**
 * What the runs of one point cost.
 *
 * @param requests of the workload
 * @param requestSteps requests of all iterations together
 * @param iterations batches that were run
 * @param cpuSeconds of the process for one run, the median; compiler and collector included
 * @param fastestCpuSeconds the least of them
 * @param allocatedBytes by the thread of one run
 * @param retainedBytes that the result of one run keeps, the workload not counted
 * @param streamedBytes that a run holds at its end when its requests were handed on, likewise
 */
record Speed(
    long requests,
    long requestSteps,
    long iterations,
    double cpuSeconds,
    double fastestCpuSeconds,
    long allocatedBytes,
    long retainedBytes,
    long streamedBytes) {}
