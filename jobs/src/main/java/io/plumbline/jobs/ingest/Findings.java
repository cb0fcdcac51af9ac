package io.plumbline.jobs.ingest;

import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;

/** Where an importer puts what it finds, one thing at a time. */
public interface Findings {
  /** A run with requests. */
  void run(ImportedRun run);

  /** One statistic of a run without requests, in the metric's unit. */
  void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value);

  /** One statistic that only this source has. */
  void summary(SummaryPoint point, String metric, String statistic, String unit, double value);

  /** The time of an operator. */
  void operator(OperatorTiming timing, double timeNs);

  /** What a kernel took and used. */
  void kernel(KernelTiming timing);

  /** What a microbenchmark measured; its source is filled in. */
  void microbenchmark(MicrobenchmarkRow row);

  /** A step of an engine; its source is filled in. */
  void step(EngineStepRow step);

  /** A reading of a gauge that belongs to no run. */
  void gauge(GaugeReading reading);
}
