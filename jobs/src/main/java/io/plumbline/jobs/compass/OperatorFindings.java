package io.plumbline.jobs.compass;

import io.plumbline.jobs.ingest.Findings;
import io.plumbline.jobs.ingest.GaugeReading;
import io.plumbline.jobs.ingest.ImportedRun;
import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;

/** Takes operators from an importer that finds nothing else. */
abstract class OperatorFindings implements Findings {
  @Override
  public void run(ImportedRun run) {
    throw new IllegalStateException("a file of operators has runs");
  }

  @Override
  public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {
    throw new IllegalStateException("a file of operators has runs");
  }

  @Override
  public void summary(
      SummaryPoint point, String metric, String statistic, String unit, double value) {
    throw new IllegalStateException("a file of operators has runs");
  }

  @Override
  public void kernel(KernelTiming timing) {
    throw new IllegalStateException("a file of operators has kernels of other tools");
  }

  @Override
  public void microbenchmark(MicrobenchmarkRow row) {
    throw new IllegalStateException("a file of operators has microbenchmarks");
  }

  @Override
  public void step(EngineStepRow step) {
    throw new IllegalStateException("a file of operators has steps of an engine");
  }

  @Override
  public void gauge(GaugeReading reading) {
    throw new IllegalStateException("a file of operators has steps of an engine");
  }
}
