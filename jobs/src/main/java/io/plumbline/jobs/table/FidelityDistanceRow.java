package io.plumbline.jobs.table;

/** A row of the table {@code fidelity_distance}: how far two whole distributions are apart. */
public record FidelityDistanceRow(
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of what was measured") String caseName,
    @Column("name of what predicted it") String simulator,
    @Column("as in fidelity_cell, of basis request") String metric,
    @Column("unit of the values: ns for times") String unit,
    @Column("Wasserstein-1 distance, in the unit: area between the two distribution functions")
        double wasserstein1,
    @Column(value = "lower end of its interval", absent = "no interval") Double wasserstein1Low,
    @Column(value = "upper end of its interval", absent = "no interval") Double wasserstein1High,
    @Column(value = "100 * wasserstein1 / measured mean; %", absent = "the mean is 0")
        Double wasserstein1Percent,
    @Column("Kolmogorov-Smirnov distance: largest gap between the two distribution functions; 1")
        double kolmogorovSmirnov,
    @Column(value = "lower end of its interval", absent = "no interval")
        Double kolmogorovSmirnovLow,
    @Column(value = "upper end of its interval", absent = "no interval")
        Double kolmogorovSmirnovHigh,
    @Column("values on the measured side") long samples) {}
