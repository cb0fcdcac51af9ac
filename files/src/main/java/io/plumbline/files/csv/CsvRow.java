package io.plumbline.files.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.plumbline.files.BadInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** One row of a {@link CsvTable}; every getter names file, line, column and value if it fails. */
public final class CsvRow {
  private final Path file;
  private final Map<String, Integer> columns;
  private final CsvRecord fields;

  CsvRow(Path file, Map<String, Integer> columns, CsvRecord fields) {
    this.file = file;
    this.columns = columns;
    this.fields = fields;
  }

  /** Line in the file, from 1. */
  public long line() {
    return fields.getStartingLineNumber();
  }

  /** File and line, for messages. */
  public String where() {
    return "%s:%d".formatted(file, line());
  }

  /** The columns in the order of the file. */
  public Set<String> columns() {
    return Collections.unmodifiableSet(columns.keySet());
  }

  public boolean has(String column) {
    return columns.containsKey(column);
  }

  /** The field's text; null if the file has no such column or the field is empty. */
  public String text(String column) {
    Integer index = columns.get(column);
    if (index == null) {
      return null;
    }
    String text = fields.getField(index);
    return text.isEmpty() ? null : text;
  }

  /** The field's text, which must not be empty. */
  public String required(String column) {
    String text = text(column);
    if (text == null) {
      throw bad(column, "must not be empty");
    }
    return text;
  }

  /** A number, exactly as it is written. */
  public BigDecimal decimal(String column) {
    BigDecimal value = decimalOrNull(column);
    if (value == null) {
      throw bad(column, "must not be empty");
    }
    return value;
  }

  /** The same; null if the column is absent or the field empty. */
  public BigDecimal decimalOrNull(String column) {
    String text = text(column);
    if (text == null) {
      return null;
    }
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw bad(column, "must be a number");
    }
  }

  /** An integer of at least {@code least}; "374.0" counts as one. */
  public int integer(String column, int least) {
    Long value = integerOrNull(column, least, Integer.MAX_VALUE);
    if (value == null) {
      throw bad(column, "must not be empty");
    }
    return value.intValue();
  }

  /** The same; null if the column is absent or the field empty. */
  public Integer integerOrNull(String column, int least) {
    Long value = integerOrNull(column, least, Integer.MAX_VALUE);
    return value == null ? null : (Integer) value.intValue();
  }

  /** An integer count of nanoseconds, not negative. */
  public long nanos(String column) {
    Long value = nanosOrNull(column);
    if (value == null) {
      throw bad(column, "must not be empty");
    }
    return value;
  }

  /** The same; null if the column is absent or the field empty. */
  public Long nanosOrNull(String column) {
    return integerOrNull(column, 0, Long.MAX_VALUE);
  }

  /** An integer count of any other thing, not negative. */
  public long count(String column) {
    return nanos(column);
  }

  private Long integerOrNull(String column, long least, long most) {
    String text = text(column);
    if (text == null) {
      return null;
    }
    long value;
    try {
      value = parseLong(text);
    } catch (ArithmeticException | NumberFormatException e) {
      throw bad(column, "must be an integer");
    }
    if (value < least) {
      throw bad(column, least == 1 ? "must be positive" : "must not be negative");
    }
    if (value > most) {
      throw bad(column, "is out of range");
    }
    return value;
  }

  private static long parseLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return new BigDecimal(text).longValueExact();
    }
  }

  /** Decimal seconds as whole nanoseconds, rounded half up below that. */
  public long seconds(String column, BigDecimal scale) {
    String text = text(column);
    if (text == null) {
      throw bad(column, "must not be empty");
    }
    BigDecimal seconds;
    try {
      seconds = new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw bad(column, "must be a number of seconds");
    }
    if (seconds.signum() < 0) {
      throw bad(column, "must not be negative");
    }
    try {
      BigDecimal nanos = seconds.multiply(scale).movePointRight(9);
      return nanos.setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException e) {
      throw bad(column, "is out of range (292 years)");
    }
  }

  /** Decimal seconds as the nearest double, not negative. */
  public double seconds(String column) {
    if (text(column) == null) {
      throw bad(column, "must not be empty");
    }
    return number(column, "must be a number of seconds");
  }

  /** A number, not negative; null if the column is absent or the field empty. */
  public Double amountOrNull(String column) {
    return text(column) == null ? null : (Double) number(column, "must be a number");
  }

  private double number(String column, String complaint) {
    double number;
    try {
      number = Double.parseDouble(text(column).strip());
    } catch (NumberFormatException e) {
      throw bad(column, complaint);
    }
    if (!(number >= 0) || Double.isInfinite(number)) {
      throw bad(column, "must be zero or more");
    }
    return number;
  }

  /** Any finite number. */
  public double number(String column) {
    String text = text(column);
    if (text == null) {
      throw bad(column, "must not be empty");
    }
    double number;
    try {
      number = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw bad(column, "must be a number");
    }
    if (!Double.isFinite(number)) {
      throw bad(column, "must be a finite number");
    }
    return number;
  }

  /** The same; NaN if the column is absent or the field empty. */
  public double numberOrNan(String column) {
    return text(column) == null ? Double.NaN : number(column);
  }

  /** A complaint about one field: "file:line: column (value) message". */
  public BadInputException bad(String column, String message) {
    return bad("%s (%s) %s".formatted(column, text(column) == null ? "" : text(column), message));
  }

  /** A complaint about the row: "file:line: message". */
  public BadInputException bad(String message) {
    return new BadInputException("%s: %s".formatted(where(), message));
  }
}
