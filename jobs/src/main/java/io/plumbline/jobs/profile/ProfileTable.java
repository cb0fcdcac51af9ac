package io.plumbline.jobs.profile;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.plumbline.files.BadInputException;
import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

  /** Reads a file; exact duplicates of a row are dropped, as Vidur drops them. */
  static ProfileTable read(Path file) {
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder()
            .allowMissingFields(true)
            .allowExtraFields(true)
            .ofNamedCsvRecord(file)) {
      Set<List<String>> seen = new LinkedHashSet<>();
      List<NamedCsvRecord> rows = new ArrayList<>();
      for (NamedCsvRecord row : reader) {
        requireWhole(file, row);
        if (seen.add(row.getFields())) {
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

  /**
   * Hash of these rows, not of the file: two tensor degrees have different times in one file, and a
   * row that nobody uses changes nothing.
   */
  String contentHash() {
    Sha256 hash = new Sha256();
    for (NamedCsvRecord row : rows) {
      row.getFields().forEach(hash::putText);
    }
    return hash.shortHex();
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
      throw new BadInputException(
          "%s has no rows for %s %d (column %s); it has %s. Maybe choose one of these."
              .formatted(file, whatItIs, value, column, known));
    }
    return found;
  }

  /** The rows in which a column has a text. */
  ProfileTable where(String column, String text) {
    return rows(row -> text(row, column).equals(text));
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

  boolean has(String column) {
    return !rows.isEmpty() && rows.get(0).findField(column).isPresent();
  }

  double[] column(String column) {
    return rows.stream().mapToDouble(row -> number(row, column)).toArray();
  }

  /** A number that may be missing: 0 then, as Vidur reads it. */
  double[] columnOrZero(String column) {
    return rows.stream()
        .mapToDouble(row -> row.getField(column).isBlank() ? 0 : number(row, column))
        .toArray();
  }

  /** A number that is not negative: a count or a time. */
  double number(NamedCsvRecord row, String column) {
    String text = text(row, column);
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
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
