package io.plumbline.jobs.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.jobs.report.TextTable.Align;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/** Ways to print the answer to a query. */
public enum QueryOutput {
  /** Aligned columns for people; held in memory to find the widths. */
  TABLE {
    @Override
    public void print(Dataset<Row> answer, PrintWriter out) {
      List<Align> aligns =
          fields(answer)
              .map(f -> f.dataType() instanceof NumericType ? Align.RIGHT : Align.LEFT)
              .toList();
      TextTable table = new TextTable(aligns, fields(answer).map(StructField::name).toList());
      List<Row> rows = answer.collectAsList();
      rows.forEach(row -> table.add(cells(row, "NULL")));
      out.print(table.text());
      out.printf("(%d %s)%n", rows.size(), rows.size() == 1 ? "row" : "rows");
      out.flush();
    }
  },

  /**
   * Quoted as RFC 4180 says, with a header line and plain line feeds, so that a shell can use a
   * value; null is an empty field.
   */
  CSV {
    @Override
    public void print(Dataset<Row> answer, PrintWriter out) {
      out.print(csvLine(fields(answer).map(StructField::name).toList()));
      for (Iterator<Row> rows = answer.toLocalIterator(); rows.hasNext(); ) {
        out.print(csvLine(cells(rows.next(), "")));
      }
      out.flush();
    }
  },

  /** One JSON object per line, in the order of the columns, nulls included. */
  JSON {
    @Override
    public void print(Dataset<Row> answer, PrintWriter out) {
      List<String> names = fields(answer).map(StructField::name).toList();
      for (Iterator<Row> rows = answer.toLocalIterator(); rows.hasNext(); ) {
        out.print(jsonLine(names, rows.next()));
      }
      out.flush();
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Prints all rows of an answer. */
  public abstract void print(Dataset<Row> answer, PrintWriter out);

  private static Stream<StructField> fields(Dataset<Row> answer) {
    return Stream.of(answer.schema().fields());
  }

  private static List<String> cells(Row row, String forNull) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(row.isNullAt(i) ? forNull : plain(row.get(i)).toString());
    }
    return cells;
  }

  private static String csvLine(List<String> cells) {
    return cells.stream()
            .map(cell -> cell.matches("(?s).*[\",\r\n].*") ? quoted(cell) : cell)
            .collect(Collectors.joining(","))
        + "\n";
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static String jsonLine(List<String> names, Row row) {
    ObjectNode object = MAPPER.createObjectNode();
    for (int i = 0; i < names.size(); i++) {
      object.set(names.get(i), MAPPER.valueToTree(plain(row.get(i))));
    }
    try {
      return MAPPER.writeValueAsString(object) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always JSON", e);
    }
  }

  /** Numbers, strings and booleans as they are, arrays as lists, everything else as its text. */
  private static Object plain(Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof scala.collection.Iterable<?> many) {
      List<Object> list = new ArrayList<>();
      many.foreach(
          element -> {
            list.add(plain(element));
            return null;
          });
      return list;
    }
    return value.toString();
  }
}
