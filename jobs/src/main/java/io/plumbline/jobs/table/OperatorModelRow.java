package io.plumbline.jobs.table;

/** A row of the table {@code operator_model}: how the model of one operator was trained. */
public record OperatorModelRow(
    @Column("content hash of the operator, its measurements, the learner and its code")
        String modelId,
    @Column("name of the operator in profiles, e.g. attn_decode") String operator,
    @Column("model of the deployment it was first trained for; others may share it") String model,
    @Column("device of that deployment") String device,
    @Column("tensor degree of that deployment") int tensorParallel,
    @Column("measured rows it was trained on") int rows,
    @Column("the learner with its whole search grid, as JSON") String learnerJson,
    @Column("what the search chose, as a JSON object") String parametersJson,
    @Column("mean absolute percentage error on rows held out, mean over the folds; %")
        double crossValidationMape,
    @Column("mean absolute percentage error on all rows; %") double trainingMape,
    @Column("CPU time of the search and the final fit; seconds") double cpuSeconds,
    @Column("ISO-8601 instant") String trainedAt) {}
