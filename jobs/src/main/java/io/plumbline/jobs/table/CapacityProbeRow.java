package io.plumbline.jobs.table;

/** A row of the table {@code capacity_probe}: one simulation that asked whether a rate passes. */
public record CapacityProbeRow(
    @Column("the search it was made for; see capacity") String capacityId,
    @Column("position in the search, from 0") int probe,
    @Column(value = "seed of the requests", absent = "they were read, not drawn") Long seed,
    @Column("mean rate of the arrivals; 1/s") double requestsPerSecond,
    @Column("whether the run met the objective: 1 or 0") int meets,
    @Column("whether the run was ended early because it could not meet it any more: 1 or 0")
        int aborted,
    @Column("simulated time until its end; seconds") double simulatedSeconds) {}
