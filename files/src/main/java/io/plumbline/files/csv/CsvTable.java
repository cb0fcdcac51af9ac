package io.plumbline.files.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.plumbline.files.BadInputException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a CSV file with a header line, row by row; one whose name ends in .gz is unpacked. A row
 * with too few fields is an error: that is how a file that was cut off shows.
 */
public final class CsvTable {
  private final Path file;
  private final List<String> required;
  private final List<String> oneOf;

  /**
   * @param required columns that the file must have, in any order; others are ignored
   */
  public CsvTable(Path file, String... required) {
    this(file, List.of(required), List.of());
  }

  private CsvTable(Path file, List<String> required, List<String> oneOf) {
    this.file = file;
    this.required = required;
    this.oneOf = oneOf;
  }

  /** The same table, which must also have at least one of these columns. */
  public CsvTable withOneOf(String... columns) {
    return new CsvTable(file, required, List.of(columns));
  }

  /**
   * Hands over every row in order.
   *
   * @throws BadInputException naming file and line if the file is not such a table
   */
  public void forEach(Consumer<CsvRow> action) {
    try (CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .detectBomHeader(false)
                .ofCsvRecord(open());
        CloseableIterator<CsvRecord> records = reader.iterator()) {
      if (!records.hasNext()) {
        throw new BadInputException("%s: the file is empty".formatted(file));
      }
      Map<String, Integer> columns = columns(records.next());
      while (records.hasNext()) {
        CsvRecord next = records.next();
        requireWhole(next, columns.size());
        action.accept(new CsvRow(file, columns, next));
      }
    } catch (NoSuchFileException e) {
      throw new BadInputException("no such file: " + file, e);
    } catch (CsvParseException e) {
      throw new BadInputException("%s: not a CSV file: %s".formatted(file, e.getMessage()), e);
    } catch (UncheckedIOException | IOException e) {
      throw failure(e);
    }
  }

  private Reader open() throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
      // A decoder that is asked for reports what is not UTF-8; one by charset would replace it.
      return new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private RuntimeException failure(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    if (cause instanceof ZipException || cause instanceof EOFException) {
      return new BadInputException(
          "%s: not a whole gzip file. Maybe it was cut off.".formatted(file), e);
    }
    return cause instanceof CharacterCodingException
        ? new BadInputException("%s: not UTF-8 text".formatted(file), e)
        : new UncheckedIOException((IOException) cause);
  }

  private Map<String, Integer> columns(CsvRecord header) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.getFieldCount(); i++) {
      String name = header.getField(i).strip();
      if (columns.putIfAbsent(name, i) != null) {
        throw new BadInputException("%s:1: duplicate column %s".formatted(file, name));
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
          "%s:%d: %d fields, but the header has %d. %s"
              .formatted(
                  file,
                  row.getStartingLineNumber(),
                  row.getFieldCount(),
                  fields,
                  row.getFieldCount() < fields
                      ? "Maybe the file was cut off."
                      : "Maybe a text with a comma lacks its quotes."));
    }
  }
}
