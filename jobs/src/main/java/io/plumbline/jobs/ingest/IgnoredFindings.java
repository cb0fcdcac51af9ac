package io.plumbline.jobs.ingest;

import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;

/** Keeps nothing of what an importer finds; what is wanted is overridden. */
public abstract class IgnoredFindings implements Findings {
  @Override
  public void run(ImportedRun run) {}

  @Override
  public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {}

  @Override
  public void summary(
      SummaryPoint point, String metric, String statistic, String unit, double value) {}

  @Override
  public void operator(OperatorTiming timing, double timeNs) {}

  @Override
  public void kernel(KernelTiming timing) {}

  @Override
  public void microbenchmark(MicrobenchmarkRow row) {}

  @Override
  public void step(EngineStepRow step) {}

  @Override
  public void gauge(GaugeReading reading) {}
}
