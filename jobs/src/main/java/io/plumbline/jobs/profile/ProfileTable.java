package io.plumbline.jobs.profile;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.plumbline.files.BadInputException;
import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.nio.file.Files;
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
  private final String contentHash;
  private final List<NamedCsvRecord> rows;

  private ProfileTable(Path file, String contentHash, List<NamedCsvRecord> rows) {
    this.file = file;
    this.contentHash = contentHash;
    this.rows = rows;
  }

  /** Reads a file; exact duplicates of a row are dropped, as Vidur drops them. */
  static ProfileTable read(Path file) {
    try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
      Set<List<String>> seen = new LinkedHashSet<>();
      List<NamedCsvRecord> rows = new ArrayList<>();
      for (NamedCsvRecord row : reader) {
        if (seen.add(row.getFields())) {
          rows.add(row);
        }
      }
      String hash = new Sha256().putBytes(Files.readAllBytes(file)).shortHex();
      return new ProfileTable(file, hash, rows);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "no profile %s. Maybe choose a device, model and node that were profiled, or the predictor roofline, which needs no profile."
              .formatted(file));
    } catch (IOException e) {
      throw new BadInputException("cannot read the profile %s: %s".formatted(file, e.getMessage()));
    }
  }

  String contentHash() {
    return contentHash;
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

  ProfileTable rows(Predicate<NamedCsvRecord> condition) {
    return new ProfileTable(file, contentHash, rows.stream().filter(condition).toList());
  }

  boolean has(String column) {
    return !rows.isEmpty() && rows.get(0).findField(column).isPresent();
  }

  boolean isEmpty() {
    return rows.isEmpty();
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

  double number(NamedCsvRecord row, String column) {
    String text =
        row.findField(column)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s has no column %s. It has %s."
                            .formatted(file, column, String.join(", ", row.getHeader()))));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "%s:%d: %s is '%s', not a number"
              .formatted(file, row.getStartingLineNumber(), column, text));
    }
  }
}
