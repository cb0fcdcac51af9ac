package io.plumbline.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes small Parquet files whose columns follow from the values of the first row. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /** A row: name, value, name, value … of text, whole numbers ({@code long}) and doubles. */
  public static Map<String, Object> row(Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      row.put(
          (String) namesAndValues[i], value instanceof Integer number ? number.longValue() : value);
    }
    return row;
  }

  /** Writes a file and the folders above it. */
  public static Path write(Path file, List<Map<String, Object>> rows) throws IOException {
    Files.createDirectories(file.getParent());
    MessageType schema = schema(rows.get(0));
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (Map<String, Object> row : rows) {
        Group group = new SimpleGroup(schema);
        row.forEach((name, value) -> add(group, name, value));
        writer.write(group);
      }
    }
    return file;
  }

  private static MessageType schema(Map<String, Object> row) {
    List<String> columns = new ArrayList<>();
    row.forEach((name, value) -> columns.add("optional " + type(value).formatted(name) + ";"));
    return MessageTypeParser.parseMessageType("message m {" + String.join(" ", columns) + "}");
  }

  private static String type(Object value) {
    if (value instanceof String) {
      return "binary %s (STRING)";
    }
    return value instanceof Long ? "int64 %s" : "double %s";
  }

  private static void add(Group group, String name, Object value) {
    if (value instanceof String text) {
      group.add(name, text);
    } else if (value instanceof Long number) {
      group.add(name, (long) number);
    } else {
      group.add(name, (double) value);
    }
  }
}
