package io.plumbline.jobs.table;

/** A row of the table {@code gauge_sample}: one reading of something that changes during a run. */
public record GaugeSampleRow(
    @Column("the run, see run; or the source, see source") String sourceId,
    @Column(value = "which of several that were read, e.g. an instance", absent = "the only one")
        String series,
    @Column("time of the reading, from the start of the recording, not of the run; ns") long timeNs,
    @Column("what was read; see docs/importing.md") String metric,
    @Column("unit of the value: the same for all rows of a metric") String unit,
    @Column("the value, in its unit") double value) {}
