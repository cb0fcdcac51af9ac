package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Reads a flat Parquet file of others row by row, one row group at a time in memory. */
public final class ParquetRows {
  private final Path file;
  private final List<String> required;
  private final Set<String> known;

  /**
   * A file to be read.
   *
   * @param required columns that must be there
   * @param optional columns that may be there; others must not
   */
  public ParquetRows(Path file, List<String> required, List<String> optional) {
    this.file = file;
    this.required = required;
    this.known = new LinkedHashSet<>(required);
    this.known.addAll(optional);
  }

  /** One row; every getter names file, row, column and value if it fails. */
  public static final class Row {
    private final Path file;
    private final long number;
    private final Group group;

    private Row(Path file, long number, Group group) {
      this.file = file;
      this.number = number;
      this.group = group;
    }

    private boolean has(String column) {
      return group.getType().containsField(column) && group.getFieldRepetitionCount(column) > 0;
    }

    private boolean is(String column, PrimitiveTypeName... types) {
      PrimitiveTypeName type =
          group.getType().getType(column).asPrimitiveType().getPrimitiveTypeName();
      return List.of(types).contains(type);
    }

    /** The columns of the file, in its order. */
    public List<String> columns() {
      return group.getType().getFields().stream().map(Type::getName).toList();
    }

    /** Text; null if it is absent. */
    public String text(String column) {
      if (!has(column)) {
        return null;
      }
      if (!is(column, PrimitiveTypeName.BINARY)) {
        throw bad(column, "must be text");
      }
      return group.getString(column, 0);
    }

    /** An integer, not negative; null if it is absent. */
    public Long count(String column) {
      if (!has(column)) {
        return null;
      }
      long value;
      if (is(column, PrimitiveTypeName.INT64)) {
        value = group.getLong(column, 0);
      } else if (is(column, PrimitiveTypeName.INT32)) {
        value = group.getInteger(column, 0);
      } else {
        throw bad(column, "must be an integer");
      }
      if (value < 0) {
        throw bad(column, "must not be negative");
      }
      return value;
    }

    /** The same of a size that fits into an int. */
    public Integer integer(String column) {
      Long value = count(column);
      if (value != null && value > Integer.MAX_VALUE) {
        throw bad(column, "is out of range");
      }
      return value == null ? null : (Integer) value.intValue();
    }

    /** A number, not negative; null if it is absent. */
    public Double number(String column) {
      if (!has(column)) {
        return null;
      }
      double value;
      if (is(column, PrimitiveTypeName.DOUBLE)) {
        value = group.getDouble(column, 0);
      } else if (is(column, PrimitiveTypeName.FLOAT)) {
        value = group.getFloat(column, 0);
      } else {
        throw bad(column, "must be a floating-point number");
      }
      if (Double.isNaN(value)) {
        // What pandas writes for no value.
        return null;
      }
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw bad(column, "must be zero or more");
      }
      return value;
    }

    /** A value that must be there. */
    public <T> T required(String column, T value) {
      if (value == null) {
        throw bad(column, "must not be empty");
      }
      return value;
    }

    /** An error that names file, row, column and value. */
    public BadInputException bad(String column, String message) {
      String value =
          has(column) ? group.getValueToString(group.getType().getFieldIndex(column), 0) : "";
      return new BadInputException(
          "%s: row %d: %s (%s) %s".formatted(file, number, column, value, message));
    }
  }

  /**
   * Hands over every row in order.
   *
   * @throws BadInputException naming the file and what is wrong with it
   */
  public void forEach(Consumer<Row> action) {
    try (ParquetFileReader reader = open()) {
      MessageType schema = reader.getFileMetaData().getSchema();
      requireColumns(schema);
      long number = 0;
      for (PageReadStore pages = next(reader); pages != null; pages = next(reader)) {
        RecordReader<Group> rows =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount(); i++) {
          number++;
          action.accept(new Row(file, number, rows.read()));
        }
      }
    } catch (NoSuchFileException e) {
      throw new BadInputException("no such file: " + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ParquetFileReader open() throws IOException {
    try {
      return ParquetFileReader.open(new LocalInputFile(file));
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  private PageReadStore next(ParquetFileReader reader) throws IOException {
    try {
      return reader.readNextRowGroup();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** Parquet's answer to a file that is none or is cut off is any exception. */
  private BadInputException broken(RuntimeException problem) {
    return new BadInputException(
        "%s: not a Parquet file, or cut off: %s".formatted(file, problem.getMessage()), problem);
  }

  private void requireColumns(MessageType schema) {
    List<String> columns = new ArrayList<>();
    for (Type field : schema.getFields()) {
      columns.add(field.getName());
      if (!known.contains(field.getName())) {
        throw new BadInputException(
            "%s: unknown column %s. %s"
                .formatted(file, field.getName(), Names.hint(field.getName(), known)));
      }
      if (!field.isPrimitive()) {
        throw new BadInputException(
            "%s: column %s must hold plain values".formatted(file, field.getName()));
      }
    }
    for (String column : required) {
      if (!columns.contains(column)) {
        throw new BadInputException(
            "%s: missing column %s. It has: %s"
                .formatted(file, column, String.join(", ", columns)));
      }
    }
  }
}
