package io.plumbline.jobs.table;

/** A row of the table {@code sweep_point}: one point of a sweep, and the run that answers it. */
public record SweepPointRow(
    @Column("name of the sweep") String sweep,
    @Column("its run; see run") String runId,
    @Column("position in the sweep, from 0") int position,
    @Column("the values that vary in the sweep, as a JSON object") String axesJson) {}
