package io.plumbline.jobs.sql;

import io.plumbline.jobs.table.Catalog;
import java.util.Arrays;
import java.util.TreeSet;
import org.jline.reader.Completer;
import org.jline.reader.impl.completer.StringsCompleter;

/** Words that the shell completes: its commands, SQL's, and the names of tables and columns. */
final class SqlWords {
  private static final String COMMANDS = "help tables columns exit quit";

  private static final String KEYWORDS =
      "SELECT DISTINCT FROM WHERE GROUP BY ORDER HAVING LIMIT JOIN LEFT INNER ANTI ON USING AS AND"
          + " OR NOT IN IS NULL BETWEEN LIKE CASE WHEN THEN ELSE END UNION ALL WITH DESC ASC OVER"
          + " PARTITION count sum avg min max round percentile get_json_object DESCRIBE EXPLAIN SHOW";

  private SqlWords() {}

  static Completer completer() {
    TreeSet<String> words = new TreeSet<>();
    words.addAll(Arrays.asList(COMMANDS.split(" ", -1)));
    words.addAll(Arrays.asList(KEYWORDS.split(" ", -1)));
    for (Catalog.Relation relation : Catalog.relations()) {
      words.add(relation.name());
      relation.columns().forEach(column -> words.add(column.name()));
    }
    return new StringsCompleter(words);
  }
}
