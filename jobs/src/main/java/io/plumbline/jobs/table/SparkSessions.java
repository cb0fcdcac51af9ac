package io.plumbline.jobs.table;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Starts the Spark session of a job. Everything here is a default: what spark-submit or {@code
 * -Dspark.…} sets wins.
 */
public final class SparkSessions {
  private SparkSessions() {}

  /** The session of a job; on this machine's cores if nobody set a master. */
  public static SparkSession open(String appName) {
    return open(appName, Map.of());
  }

  /**
   * The same, with settings of the job's own.
   *
   * @param settings by their names; these are no defaults
   */
  public static SparkSession open(String appName, Map<String, String> settings) {
    SparkConf conf = new SparkConf();
    settings.forEach(conf::set);
    conf.setIfMissing("spark.app.name", appName);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.log.level", "ERROR");
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    if (conf.get("spark.master").startsWith("local")) {
      // 200 shuffle tasks for a few thousand rows would be most of a local job's time.
      conf.setIfMissing("spark.sql.shuffle.partitions", "4");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
