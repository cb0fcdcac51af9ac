package io.plumbline.files.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How the tables of a run are written: one line break on every platform, null as nothing. */
final class Csv {
  private Csv() {}

  static CsvWriter writer(Path file) throws IOException {
    return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
  }

  static void addIf(List<String> fields, boolean wanted, String field) {
    if (wanted) {
      fields.add(field);
    }
  }

  static String text(Object value) {
    return value == null ? "" : value.toString();
  }
}
