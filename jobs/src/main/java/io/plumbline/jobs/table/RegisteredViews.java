package io.plumbline.jobs.table;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.TemporaryViewRelation;
import scala.Option;

/**
 * The temporary views that a session has from us, and what they were made of. Analysing the queries
 * of all of them takes half a second, and between two jobs of a session few change.
 */
final class RegisteredViews {
  private static final Map<SparkSession, RegisteredViews> OF_SESSIONS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param contents what the view was made of
   * @param relation what the session has of it; weak, because it knows the session, which is to go
   *     when its user goes
   */
  private record Registered(Object contents, WeakReference<TemporaryViewRelation> relation) {}

  private final Map<String, Registered> views = new HashMap<>();

  private RegisteredViews() {}

  /** Those of a session. */
  static RegisteredViews of(SparkSession spark) {
    return OF_SESSIONS.computeIfAbsent(spark, session -> new RegisteredViews());
  }

  /** Brings all views of the session up to date; of two threads the second one waits. */
  synchronized void update(SparkSession spark, Consumer<Update> steps) {
    steps.accept(new Update((org.apache.spark.sql.classic.SparkSession) spark));
  }

  /** One look at all views of a session, in an order in which none needs a later one. */
  final class Update {
    private final org.apache.spark.sql.classic.SparkSession spark;
    private final Set<String> changed = new HashSet<>();

    private Update(org.apache.spark.sql.classic.SparkSession spark) {
      this.spark = spark;
    }

    /**
     * Makes a view of files, unless the session has it, made of the same.
     *
     * @param contents equal to that of another time if the rows are the same
     */
    void table(String name, Object contents, Supplier<Dataset<Row>> rows) {
      if (!has(name, contents)) {
        make(name, contents, rows.get());
      }
    }

    /** Makes a view of a query, unless the session has it and nothing that it names was made. */
    void query(String name, String sql) {
      if (!has(name, sql) || namesChanged(sql)) {
        make(name, sql, spark.sql(sql));
      }
    }

    private boolean namesChanged(String sql) {
      return !changed.isEmpty()
          && Pattern.compile("\\b(" + String.join("|", changed) + ")\\b").matcher(sql).find();
    }

    private boolean has(String name, Object contents) {
      Registered before = views.get(name);
      if (before == null || !before.contents().equals(contents)) {
        return false;
      }
      // A user may have dropped it, or have another of this name.
      TemporaryViewRelation now = current(name);
      return now != null && before.relation().refersTo(now);
    }

    private void make(String name, Object contents, Dataset<Row> rows) {
      views.remove(name);
      rows.createOrReplaceTempView(name);
      views.put(name, new Registered(contents, new WeakReference<>(current(name))));
      changed.add(name);
    }

    private TemporaryViewRelation current(String name) {
      Option<TemporaryViewRelation> relation = spark.sessionState().catalog().getRawTempView(name);
      return relation.isEmpty() ? null : relation.get();
    }
  }
}
