package io.plumbline.jobs.profile;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** One CSV file of a profile, and the rows of it that belong to a deployment. */
final class ProfileTable {
  private final Path file;
  private final List<NamedCsvRecord> rows;

  private ProfileTable(Path file, List<NamedCsvRecord> rows) {
    this.file = file;
    this.rows = rows;
  }

  /** Reads a file; of rows that are equal as Vidur reads them, the first is kept. */
  static ProfileTable read(Path file) {
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder()
            .allowMissingFields(true)
            .allowExtraFields(true)
            .ofNamedCsvRecord(file)) {
      Set<List<Object>> seen = new HashSet<>();
      List<NamedCsvRecord> rows = new ArrayList<>();
      for (NamedCsvRecord row : reader) {
        requireWhole(file, row);
        if (seen.add(row.getFields().stream().map(ProfileTable::numberOrText).toList())) {
          rows.add(row);
        }
      }
      return new ProfileTable(file, rows);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "no profile %s. Maybe choose a device, model and node that were profiled, or the predictor roofline, which needs no profile."
              .formatted(file));
    } catch (CsvParseException e) {
      throw new BadInputException("%s: not a CSV file: %s".formatted(file, e.getMessage()));
    } catch (IOException e) {
      throw new BadInputException("cannot read the profile %s: %s".formatted(file, e.getMessage()));
    }
  }

  private static Object numberOrText(String field) {
    double number = PandasNumber.parse(field);
    return Double.isNaN(number) ? field : (Object) number;
  }

  private static void requireWhole(Path file, NamedCsvRecord row) {
    int columns = row.getHeader().size();
    int fields = row.getFieldCount();
    if (fields != columns) {
      throw new BadInputException(
          "%s:%d: %d fields, but the header has %d. %s"
              .formatted(
                  file,
                  row.getStartingLineNumber(),
                  fields,
                  columns,
                  fields < columns
                      ? "Maybe the file was cut off."
                      : "Maybe a text with a comma lacks its quotes."));
    }
  }

  /** The rows in which a column has a number. */
  ProfileTable where(String column, double value) {
    return rows(row -> number(row, column) == value);
  }

  /**
   * The rows in which a column has a number that a user chose.
   *
   * @throws BadInputException listing the values there are, if no row has this one
   */
  ProfileTable require(String column, int value, String whatItIs) {
    requireRows("");
    ProfileTable found = where(column, value);
    if (found.rows.isEmpty()) {
      Set<Long> known = new TreeSet<>();
      for (NamedCsvRecord row : rows) {
        known.add((long) number(row, column));
      }
      throw noRows(whatItIs, value, column, known);
    }
    return found;
  }

  /** The rows in which a column has a text; capitals do not matter. */
  ProfileTable where(String column, String text) {
    return rows(row -> text(row, column).equalsIgnoreCase(text));
  }

  /**
   * The rows in which a column has a text that follows from what a user chose.
   *
   * @throws BadInputException listing the texts there are, if no row has this one
   */
  ProfileTable require(String column, String text, String whatItIs) {
    requireRows("");
    ProfileTable found = where(column, text);
    if (found.rows.isEmpty()) {
      Set<String> known = new TreeSet<>();
      for (NamedCsvRecord row : rows) {
        known.add(text(row, column));
      }
      throw noRows(whatItIs, text, column, known);
    }
    return found;
  }

  private BadInputException noRows(
      String whatItIs, Object value, String column, Collection<?> known) {
    return new BadInputException(
        "%s has no rows for %s %s (column %s); it has %s. Maybe choose one of these."
            .formatted(file, whatItIs, value, column, known));
  }

  /**
   * This table, which must have rows.
   *
   * @param which how the rows were chosen, for the message; may be empty
   */
  ProfileTable requireRows(String which) {
    if (rows.isEmpty()) {
      throw new BadInputException("%s has no rows%s.".formatted(file, which));
    }
    return this;
  }

  ProfileTable rows(Predicate<NamedCsvRecord> condition) {
    return new ProfileTable(file, rows.stream().filter(condition).toList());
  }

  /** Whether there is a column of that name. */
  boolean has(String column) {
    return !rows.isEmpty() && rows.get(0).findField(column).isPresent();
  }

  double[] column(String column) {
    return rows.stream().mapToDouble(row -> number(row, column)).toArray();
  }

  /** Numbers that may be missing, one or all: 0 then, as Vidur reads them. */
  double[] columnOrZero(String column) {
    return has(column)
        ? rows.stream()
            .mapToDouble(row -> isMissing(row, column) ? 0 : number(row, column))
            .toArray()
        : new double[rows.size()];
  }

  private static boolean isMissing(NamedCsvRecord row, String column) {
    String text = row.getField(column);
    return text.isBlank() || text.equalsIgnoreCase("nan");
  }

  /** A number that is not negative: a count or a time. */
  double number(NamedCsvRecord row, String column) {
    String text = text(row, column);
    double value = PandasNumber.parse(text);
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new BadInputException(
          "%s:%d: %s is '%s', not a number of at least 0"
              .formatted(file, row.getStartingLineNumber(), column, text));
    }
    return value;
  }

  private String text(NamedCsvRecord row, String column) {
    return row.findField(column)
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s has no column %s. It has %s."
                        .formatted(file, column, String.join(", ", row.getHeader()))));
  }
}
