package io.plumbline.jobs.table;

import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.Origin;
import java.util.Locale;

/**
 * What all rows of one point of {@code run_summary} have in common: what ran, on what, under which
 * load. Facts that are not set are unknown. Setters return the point itself.
 */
public final class SummaryPoint {
  private final Origin origin;
  private final String name;
  private String engine;
  private String engineVersion;
  private String model;
  private String device;
  private Integer devices;
  private String precision;
  private Integer replicas;
  private Integer tensorParallel;
  private Integer pipelineParallel;
  private Integer expertParallel;
  private Double requestRatePerSecond;
  private Integer concurrency;
  private Integer batchSize;
  private Integer requests;
  private Double promptTokens;
  private Double outputTokens;
  private Clock clock;
  private String specJson;

  /** Whose clock times are from. */
  public enum Clock {
    /** The server's: queueing in the engine counts, network and client do not. */
    ENGINE,
    /** The client's: everything between sending and receiving counts. */
    CLIENT
  }

  /**
   * A point of which nothing is known yet.
   *
   * @param name what the source calls it
   */
  public SummaryPoint(Origin origin, String name) {
    this.origin = origin;
    this.name = name;
  }

  public SummaryPoint engine(String value, String version) {
    engine = value;
    engineVersion = version;
    return this;
  }

  public SummaryPoint model(String value) {
    model = value;
    return this;
  }

  /** The name of the device; one that is known already stays. */
  public SummaryPoint device(String value) {
    device = device == null ? value : device;
    return this;
  }

  public SummaryPoint devices(Integer value) {
    devices = value;
    return this;
  }

  public SummaryPoint precision(String value) {
    precision = value;
    return this;
  }

  /** Replicas, devices per layer, stages and devices per expert set. */
  public SummaryPoint parallel(
      Integer replicaCount, Integer tensor, Integer pipeline, Integer expert) {
    replicas = replicaCount;
    tensorParallel = tensor;
    pipelineParallel = pipeline;
    expertParallel = expert;
    return this;
  }

  public SummaryPoint requestRate(Double perSecond) {
    requestRatePerSecond = perSecond;
    return this;
  }

  public SummaryPoint concurrency(Integer value) {
    concurrency = value;
    return this;
  }

  public SummaryPoint batchSize(Integer value) {
    batchSize = value;
    return this;
  }

  public SummaryPoint requests(Integer value) {
    requests = value;
    return this;
  }

  /** Mean tokens of prompts and outputs. */
  public SummaryPoint tokens(Double prompt, Double output) {
    promptTokens = prompt;
    outputTokens = output;
    return this;
  }

  public SummaryPoint clock(Clock value) {
    clock = value;
    return this;
  }

  public SummaryPoint spec(String json) {
    specJson = json;
    return this;
  }

  /** Content hash of all that is known of the point. */
  public String pointId() {
    Sha256 sha = new Sha256();
    for (Object fact :
        new Object[] {
          origin,
          name,
          engine,
          engineVersion,
          model,
          device,
          devices,
          precision,
          replicas,
          tensorParallel,
          pipelineParallel,
          expertParallel,
          requestRatePerSecond,
          concurrency,
          batchSize,
          requests,
          promptTokens,
          outputTokens,
          clock,
          specJson
        }) {
      sha.putLong(fact == null ? 0 : 1).putText(fact == null ? "" : fact.toString());
    }
    return "p" + sha.shortHex();
  }

  /** The row of one of our metrics. */
  public RunSummaryRow row(String sourceId, SummaryMetric metric, String statistic, double value) {
    return row(sourceId, metric.metric(), statistic, metric.unit(), value);
  }

  /** The row of any metric, in the unit that its source gives it. */
  public RunSummaryRow row(
      String sourceId, String metric, String statistic, String unit, double value) {
    return new RunSummaryRow(
        sourceId,
        pointId(),
        name,
        RunRow.partitionValue(origin),
        engine,
        engineVersion,
        model,
        device,
        devices,
        precision,
        replicas,
        tensorParallel,
        pipelineParallel,
        expertParallel,
        requestRatePerSecond,
        concurrency,
        batchSize,
        requests,
        promptTokens,
        outputTokens,
        clock == null ? null : clock.name().toLowerCase(Locale.ROOT),
        metric,
        statistic,
        unit,
        value,
        specJson);
  }
}
