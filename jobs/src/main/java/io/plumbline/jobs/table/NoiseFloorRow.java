package io.plumbline.jobs.table;

/** A row of the view {@code noise_floor}. */
public record NoiseFloorRow(
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of what was measured") String caseName,
    @Column("the metric") String metric,
    @Column("its statistic") String statistic,
    @Column("measured runs of the same load") int repeats,
    @Column(value = "100 * (largest - smallest) / mean; %", absent = "one run")
        Double spreadPercent,
    @Column(value = "100 * mean distance between two repeats / mean; %", absent = "one run")
        Double floorPercent,
    @Column("known, zero, or unknown: without repeats nobody can tell") String floor) {}
