package io.plumbline.jobs.table;

/** A row of the view {@code compared_error}: one error with the names of both sides. */
public record ComparedErrorRow(
    @Column("the comparison; see error_summary") String comparisonId,
    @Column("the run that is taken as the truth") String referenceRunId,
    @Column("the run that is judged") String simulatedRunId,
    @Column(value = "label, else engine, of the reference run", absent = "unknown")
        String reference,
    @Column(
            value = "engine of the judged run, with its predictor where it has one",
            absent = "unknown")
        String simulator,
    @Column(value = "name of the model, as the reference run has it", absent = "unknown")
        String model,
    @Column(value = "name of the device, as the reference run has it", absent = "unknown")
        String device,
    @Column("see error_summary") String metric,
    @Column("see error_summary") String statistic,
    @Column("statistic of the reference run; ns") double referenceNs,
    @Column("statistic of the simulated run; ns") double simulatedNs,
    @Column(
            value = "100 * (simulated - reference) / reference; %",
            absent = "the reference is 0 and the simulated value is not")
        Double percentError,
    @Column("PASS, WARN or FAIL by the size of the percent error") String verdict) {}
