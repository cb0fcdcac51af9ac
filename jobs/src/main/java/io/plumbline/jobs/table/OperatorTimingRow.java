package io.plumbline.jobs.table;

/** A row of the table {@code operator_timing}: how long one operator of one shape took. */
public record OperatorTimingRow(
    @Column("the source; see source") String sourceId,
    @Column(value = "name of the device, as the source has it", absent = "unknown") String device,
    @Column(value = "devices that took part", absent = "unknown") Integer devices,
    @Column(value = "framework whose operator it is, e.g. vllm", absent = "unknown")
        String framework,
    @Column(value = "version of the framework", absent = "unknown") String frameworkVersion,
    @Column(value = "kernel or backend that ran it", absent = "unknown") String kernel,
    @Column("name of the operator, as the source has it") String operator,
    @Column(value = "model whose layer it is", absent = "it is no layer of a model") String model,
    @Column(value = "devices that share the layer", absent = "the shape is that of one device")
        Integer tensorParallel,
    @Column(value = "data type", absent = "unknown") String dtype,
    @Column(value = "data type of the KV cache", absent = "unknown or no attention") String kvDtype,
    @Column(value = "tokens processed; tokens", absent = "not given") Long tokens,
    @Column(value = "sequences in the batch", absent = "not given") Integer batch,
    @Column(value = "new tokens of each sequence; tokens", absent = "not given") Long queryTokens,
    @Column(
            value = "tokens each sequence attends to, its new ones included; tokens",
            absent = "not given")
        Long kvTokens,
    @Column(value = "query heads", absent = "no attention") Integer queryHeads,
    @Column(value = "key and value heads", absent = "no attention") Integer kvHeads,
    @Column(value = "elements of a head", absent = "no attention") Integer headDim,
    @Column(value = "rows of the left or only matrix", absent = "no matrix") Long m,
    @Column(value = "columns of the right or only matrix", absent = "no matrix") Long n,
    @Column(value = "inner dimension of a product", absent = "no product") Long k,
    @Column(value = "elements of a vector or message", absent = "not given") Long elements,
    @Column(value = "size of a message; bytes", absent = "not given") Long bytes,
    @Column(value = "the rest of the shape, as a JSON object", absent = "nothing else is given")
        String shapeJson,
    @Column(value = "mean or median of repetitions", absent = "the source does not say")
        String statistic,
    @Column("how long it took; ns") double timeNs) {}
