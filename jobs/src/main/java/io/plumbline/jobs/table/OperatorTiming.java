package io.plumbline.jobs.table;

/**
 * One operator of one shape on one device, on its way to {@code operator_timing}. Facts that are
 * not set are unknown. Setters return the timing itself.
 */
public final class OperatorTiming {
  private final String operator;
  private String device;
  private Integer devices;
  private String framework;
  private String frameworkVersion;
  private String kernel;
  private String model;
  private Integer tensorParallel;
  private String dtype;
  private String kvDtype;
  private Long tokens;
  private Integer batch;
  private Long queryTokens;
  private Long kvTokens;
  private Integer queryHeads;
  private Integer kvHeads;
  private Integer headDim;
  private Long m;
  private Long n;
  private Long k;
  private Long elements;
  private Long bytes;
  private String shapeJson;
  private String statistic;

  /** An operator of which nothing is known yet but its name. */
  public OperatorTiming(String operator) {
    this.operator = operator;
  }

  public OperatorTiming device(String name, Integer count) {
    device = name;
    devices = count;
    return this;
  }

  public OperatorTiming framework(String name, String version, String kernelName) {
    framework = name;
    frameworkVersion = version;
    kernel = kernelName;
    return this;
  }

  public OperatorTiming model(String name, Integer sharingDevices) {
    model = name;
    tensorParallel = sharingDevices;
    return this;
  }

  public OperatorTiming dtype(String ofData, String ofKvCache) {
    dtype = ofData;
    kvDtype = ofKvCache;
    return this;
  }

  public OperatorTiming tokens(Long value) {
    tokens = value;
    return this;
  }

  public OperatorTiming batch(Integer value) {
    batch = value;
    return this;
  }

  /** New tokens of each sequence, and all that it attends to. */
  public OperatorTiming attention(Long newTokens, Long allTokens) {
    queryTokens = newTokens;
    kvTokens = allTokens;
    return this;
  }

  public OperatorTiming heads(Integer query, Integer keyValue, Integer dim) {
    queryHeads = query;
    kvHeads = keyValue;
    headDim = dim;
    return this;
  }

  /** A matrix of m rows and n columns, or a product over k. */
  public OperatorTiming matrix(Long rows, Long columns, Long inner) {
    m = rows;
    n = columns;
    k = inner;
    return this;
  }

  public OperatorTiming elements(Long value) {
    elements = value;
    return this;
  }

  public OperatorTiming bytes(Long value) {
    bytes = value;
    return this;
  }

  public OperatorTiming shape(String json) {
    shapeJson = json;
    return this;
  }

  public OperatorTiming statistic(String value) {
    statistic = value;
    return this;
  }

  /** The row of the operator, with its time. */
  public OperatorTimingRow row(String sourceId, double timeNs) {
    return new OperatorTimingRow(
        sourceId,
        device,
        devices,
        framework,
        frameworkVersion,
        kernel,
        operator,
        model,
        tensorParallel,
        dtype,
        kvDtype,
        tokens,
        batch,
        queryTokens,
        kvTokens,
        queryHeads,
        kvHeads,
        headDim,
        m,
        n,
        k,
        elements,
        bytes,
        shapeJson,
        statistic,
        timeNs);
  }
}
