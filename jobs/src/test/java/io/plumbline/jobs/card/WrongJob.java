package io.plumbline.jobs.card;

import io.plumbline.jobs.report.Report;
import io.plumbline.jobs.report.WrongReport;
import io.plumbline.reference.WrongEngine;
import org.apache.spark.sql.SparkSession;

/** Everything that the architecture forbids. */
public final class WrongJob {
  Report report;
  WrongReport wrong;
  SparkSession spark;
  WrongEngine engine;

  private WrongJob() {}

  public static void main(String[] args) {}
}
