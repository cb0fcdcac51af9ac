package io.plumbline.jobs.table;

/** A row of the table {@code error_attribution}: one part of the E2E time of one request. */
public record ErrorAttributionRow(
    @Column("content hash of the two run ids") String attributionId,
    @Column("the run that is taken as the truth") String referenceRunId,
    @Column("the run that is judged") String simulatedRunId,
    @Column("position of the request in the workload, from 0") int requestId,
    @Column(
            "queueing, prefill, decode, preemption or host; first_token where a side does not know"
                + " when a request was scheduled. The parts of a request add up to its E2E")
        String part,
    @Column("iterations, or requests where a side recorded no iterations; see docs/attribution.md")
        String basis,
    @Column("time of the part in the reference run; ns") double referenceNs,
    @Column("time of the part in the simulated run; ns") double simulatedNs,
    @Column("simulated - reference; ns") double errorNs) {}
