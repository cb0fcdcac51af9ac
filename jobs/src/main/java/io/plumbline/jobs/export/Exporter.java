package io.plumbline.jobs.export;

import io.plumbline.jobs.table.RunRow;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.spark.sql.SparkSession;

/** Writes one run in the format of another tool. */
@FunctionalInterface
public interface Exporter {

  /**
   * Writes a run.
   *
   * @param spark a session in which the tables are registered
   * @param out where to; not closed
   * @throws io.plumbline.files.BadInputException if the run has not recorded what the format needs
   */
  void write(SparkSession spark, RunRow run, OutputStream out) throws IOException;
}
