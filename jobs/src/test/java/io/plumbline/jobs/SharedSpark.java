package io.plumbline.jobs;

import io.plumbline.jobs.table.SparkSessions;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of all tests; starting it is most of their time. */
public final class SharedSpark {
  private SharedSpark() {}

  /** The session; started by the first test that asks, stopped with the JVM. */
  public static SparkSession session() {
    System.setProperty("spark.log.level", "OFF");
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.sql.shuffle.partitions", "1");
    // Compiling a query takes longer than interpreting it over a handful of rows.
    System.setProperty("spark.sql.codegen.wholeStage", "false");
    System.setProperty("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    return SparkSessions.open("plumbline tests");
  }
}
