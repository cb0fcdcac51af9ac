package io.plumbline.jobs.table;

/** A row of the table {@code fidelity_matrix}: one matrix, when and by which code it was made. */
public record FidelityMatrixRow(
    @Column("the matrix: content hash of its name, commit and time") String matrixId,
    @Column("name that its file gives it") String name,
    @Column(value = "git commit of Plumbline that made it", absent = "unknown") String commit,
    @Column(value = "true if files differed from the commit, else false", absent = "unknown")
        String dirty,
    @Column("version of the code that determines simulated results") String codeVersion,
    @Column("when it was made; ISO-8601 instant") String madeAt,
    @Column("seed of the bootstrap") long seed,
    @Column("resamples of the bootstrap") int resamples,
    @Column("confidence of the intervals; %") double confidencePercent,
    @Column("largest size of the percent error that passes; %") double passPercent,
    @Column("largest size of the percent error that only warns; %") double warnPercent,
    @Column("its rows in fidelity_cell") long cells) {}
