package io.plumbline.jobs.table;

/** A row of the table {@code request_error}: one metric of one request in a comparison. */
public record RequestErrorRow(
    @Column("the comparison; see error_summary") String comparisonId,
    @Column("the run that is taken as the truth") String referenceRunId,
    @Column("the run that is judged") String simulatedRunId,
    @Column("position of the request in the workload, from 0") int requestId,
    @Column("ttft, tpot or e2e") String metric,
    @Column("value in the reference run; ns") double referenceNs,
    @Column("value in the simulated run; ns") double simulatedNs,
    @Column("simulated - reference; ns") double signedErrorNs,
    @Column(
            value = "signed error / reference; 0.05 is 5 %",
            absent = "the reference is 0 and the simulated value is not")
        Double relativeError) {}
