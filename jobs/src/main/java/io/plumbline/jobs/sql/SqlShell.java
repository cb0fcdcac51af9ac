package io.plumbline.jobs.sql;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.report.QueryOutput;
import io.plumbline.jobs.table.Catalog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;

/**
 * Answers one statement after the other, as a person types them: with history, completion, and
 * statements of several lines. A wrong statement is explained and does no harm.
 */
public final class SqlShell {
  private static final String HELP =
      """
      A statement ends with a semicolon and may take several lines. Besides SQL:
        tables        tables and views, with what a row is
        columns NAME  columns of one of them, with their meaning
        help          this
        exit          leave (or Ctrl-D); Ctrl-C drops what is typed
      Tab completes names. docs/cookbook.md has questions to begin with.
      """;

  private final SparkSession spark;
  private final QueryOutput output;
  private final PrintWriter out;

  /**
   * @param spark a session in which the tables are registered
   */
  public SqlShell(SparkSession spark, QueryOutput output, PrintWriter out) {
    this.spark = spark;
    this.output = output;
    this.out = out;
  }

  /**
   * Reads from a terminal until its user leaves.
   *
   * @param history file that keeps what was typed; null keeps nothing
   */
  public void run(Terminal terminal, Path history) {
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("plumbline")
            .parser(new StatementParser())
            .completer(SqlWords.completer())
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "   > ");
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    LineReader reader = builder.build();
    out.println("Tables and views of the results; help says what else there is.");
    out.flush();
    while (true) {
      try {
        if (!answer(reader.readLine("sql> "))) {
          return;
        }
      } catch (UserInterruptException e) {
        out.println("(dropped; exit leaves)");
      } catch (EndOfFileException e) {
        return;
      }
      out.flush();
    }
  }

  /**
   * Answers what a line holds: a command, or statements.
   *
   * @return false if the user leaves
   */
  boolean answer(String line) {
    String[] words = commandWords(line);
    switch (words[0].toLowerCase(Locale.ROOT)) {
      case "exit", "quit" -> {
        return false;
      }
      case "help" -> out.print(HELP);
      case "tables" -> printTables();
      case "columns" -> explained(() -> printColumns(words.length > 1 ? words[1] : ""));
      default -> Statements.of(line).all().forEach(sql -> explained(() -> query(sql)));
    }
    return true;
  }

  private static String[] commandWords(String line) {
    return line.strip().replaceAll("\\s*;$", "").split("\\s+", -1);
  }

  private static boolean isCommand(String line) {
    return switch (commandWords(line)[0].toLowerCase(Locale.ROOT)) {
      case "exit", "quit", "help", "tables", "columns", "" -> true;
      default -> false;
    };
  }

  private void query(String sql) {
    try {
      output.print(spark.sql(sql), out);
    } catch (RuntimeException e) {
      throw SqlProblem.inOneLine(e);
    } catch (Exception e) {
      // Spark's AnalysisException is checked, and Scala does not say where it is thrown.
      throw SqlProblem.inOneLine(e);
    }
  }

  private void explained(Runnable step) {
    try {
      step.run();
    } catch (BadInputException e) {
      out.println(e.getMessage());
    }
  }

  private void printTables() {
    for (Catalog.Relation relation : Catalog.relations()) {
      String view = relation.kind() == Catalog.Kind.VIEW ? "View: " : "";
      out.printf("%-18s  %s%s%n", relation.name(), view, relation.description());
    }
  }

  private void printColumns(String name) {
    for (Catalog.ColumnInfo column : Catalog.relation(name).columns()) {
      String absent = column.absent().isEmpty() ? "" : " (null: " + column.absent() + ")";
      out.printf("%-32s %-7s %s%s%n", column.name(), column.type(), column.description(), absent);
    }
  }

  /** Asks for another line until the statement has ended. */
  private static final class StatementParser extends DefaultParser {
    private StatementParser() {
      // Quotes and backslashes are SQL's matter, not the shell's.
      setQuoteChars(null);
      setEscapeChars(null);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE
          && !isCommand(line)
          && !Statements.of(line).rest().isEmpty()) {
        throw new EOFError(-1, -1, "the statement has not ended", ";");
      }
      return super.parse(line, cursor, context);
    }
  }
}
