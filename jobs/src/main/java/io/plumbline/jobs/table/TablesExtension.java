package io.plumbline.jobs.table;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives every session of a Spark its tables before its first query. A server opens a session for
 * each client, and temporary views are of one session only.
 */
public final class TablesExtension extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** Setting with the results folder. */
  public static final String RESULTS = "spark.plumbline.results";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    // Rules of hints come before names are looked up.
    extensions.injectHintResolutionRule(
        new AbstractFunction1<>() {
          @Override
          public Rule<LogicalPlan> apply(SparkSession session) {
            return new Registration(session);
          }
        });
    return BoxedUnit.UNIT;
  }

  /** Changes no plan; the first one that it sees makes it register the tables. */
  private static final class Registration extends Rule<LogicalPlan> {
    private final SparkSession session;
    private boolean done;

    private Registration(SparkSession session) {
      this.session = session;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      // Set before, as registering makes plans itself.
      if (!done) {
        done = true;
        Tables.register(session, session.sparkContext().conf().get(RESULTS));
      }
      return plan;
    }
  }
}
