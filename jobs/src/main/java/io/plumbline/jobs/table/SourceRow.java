package io.plumbline.jobs.table;

/** A row of the table {@code source}: files of others that were taken in besides their runs. */
public record SourceRow(
    @Column("content hash of the files") String sourceId,
    @Column("what the files are, as ingest was told") String kind,
    @Column("name of the file or folder") String name,
    @Column(value = "name a person gave it", absent = "it has none") String label,
    @Column(value = "under which others may use it; SPDX", absent = "unknown") String licence,
    @Column(value = "where it was published", absent = "unknown") String sourceUrl,
    @Column("its rows in run_summary") long runSummaries,
    @Column("its rows in operator_timing") long operatorTimings,
    @Column("its rows in kernel_timing") long kernelTimings,
    @Column("its rows in microbenchmark") long microbenchmarks,
    @Column("its rows in engine_step") long engineSteps,
    @Column("its rows in gauge_sample") long gaugeSamples) {}
