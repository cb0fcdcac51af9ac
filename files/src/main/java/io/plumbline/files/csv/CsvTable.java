package io.plumbline.files.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.TextFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads a CSV file with a header line, row by row; a name that ends in {@code .gz} is unpacked on
 * the way. A row with too few fields is an error: that is how a file that was cut off shows.
 */
public final class CsvTable {
  private final Path file;
  private final List<String> required;
  private final List<String> oneOf;
  private final Set<String> known;
  private final char separator;
  private final Header header;

  private enum Header {
    FIRST_LINE,
    NONE
  }

  /**
   * @param required columns that the file must have, in any order; others are ignored
   */
  public CsvTable(Path file, String... required) {
    this(file, List.of(required), List.of(), null, ',', Header.FIRST_LINE);
  }

  private CsvTable(
      Path file,
      List<String> required,
      List<String> oneOf,
      Set<String> known,
      char separator,
      Header header) {
    this.file = file;
    this.required = required;
    this.oneOf = oneOf;
    this.known = known;
    this.separator = separator;
    this.header = header;
  }

  /** A table without a header line, whose columns are these. */
  public static CsvTable withoutHeader(Path file, String... columns) {
    return new CsvTable(file, List.of(columns), List.of(), null, ',', Header.NONE);
  }

  /** The same table, which must also have at least one of these columns. */
  public CsvTable withOneOf(String... columns) {
    return new CsvTable(file, required, List.of(columns), known, separator, header);
  }

  /** The same table, which may have these columns besides the required ones, and no others. */
  public CsvTable andAtMost(String... optional) {
    Set<String> all = new LinkedHashSet<>(required);
    all.addAll(List.of(optional));
    return new CsvTable(file, required, oneOf, all, separator, header);
  }

  /** The same table with tabs between the fields. */
  public CsvTable separatedByTabs() {
    return new CsvTable(file, required, oneOf, known, '\t', header);
  }

  /**
   * Hands over every row in order.
   *
   * @throws BadInputException naming file and line if the file is not such a table
   */
  public void forEach(Consumer<CsvRow> action) {
    whileWanted(
        row -> {
          action.accept(row);
          return true;
        });
  }

  /**
   * Hands over rows in order until one is answered with false; what follows that row is not read.
   *
   * @throws BadInputException naming file and line if the file is not such a table as far as it is
   *     read
   */
  public void whileWanted(Predicate<CsvRow> action) {
    try (CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .fieldSeparator(separator)
                .allowMissingFields(true)
                .allowExtraFields(true)
                .detectBomHeader(false)
                .ofCsvRecord(TextFiles.open(file));
        CloseableIterator<CsvRecord> records = reader.iterator()) {
      if (!records.hasNext()) {
        throw new BadInputException("%s: the file is empty".formatted(file));
      }
      Map<String, Integer> columns = header == Header.NONE ? positions() : columns(records.next());
      boolean wanted = true;
      while (wanted && records.hasNext()) {
        CsvRecord next = records.next();
        requireWhole(next, columns.size());
        wanted = action.test(new CsvRow(file, columns, next));
      }
    } catch (CsvParseException e) {
      throw new BadInputException("%s: not a CSV file: %s".formatted(file, e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw TextFiles.failure(file, e.getCause());
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private Map<String, Integer> positions() {
    Map<String, Integer> columns = new LinkedHashMap<>();
    for (String name : required) {
      columns.put(name, columns.size());
    }
    return columns;
  }

  private Map<String, Integer> columns(CsvRecord header) {
    Map<String, Integer> columns = new LinkedHashMap<>();
    for (int i = 0; i < header.getFieldCount(); i++) {
      String name = header.getField(i).strip();
      if (columns.putIfAbsent(name, i) != null) {
        throw new BadInputException("%s:1: duplicate column %s".formatted(file, name));
      }
      if (known != null && !known.contains(name)) {
        throw new BadInputException(
            "%s:1: unknown column %s. %s".formatted(file, name, Names.hint(name, known)));
      }
    }
    for (String name : required) {
      if (!columns.containsKey(name)) {
        throw missing(name, header);
      }
    }
    if (!oneOf.isEmpty() && oneOf.stream().noneMatch(columns::containsKey)) {
      throw missing(String.join(" or ", oneOf), header);
    }
    return columns;
  }

  private BadInputException missing(String column, CsvRecord header) {
    return new BadInputException(
        "%s:1: missing column %s. The header has: %s"
            .formatted(file, column, String.join(", ", header.getFields())));
  }

  private void requireWhole(CsvRecord row, int fields) {
    if (row.getFieldCount() != fields) {
      throw new BadInputException(
          "%s:%d: %d fields, but %s %d. %s"
              .formatted(
                  file,
                  row.getStartingLineNumber(),
                  row.getFieldCount(),
                  header == Header.NONE ? "a row has" : "the header has",
                  fields,
                  row.getFieldCount() < fields
                      ? "Maybe the file was cut off."
                      : "Maybe a text with a comma lacks its quotes."));
    }
  }
}
