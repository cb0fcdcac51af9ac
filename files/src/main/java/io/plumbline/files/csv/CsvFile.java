package io.plumbline.files.csv;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.plumbline.files.WholeFile;
import java.nio.file.Path;
import java.util.List;

/** Writes a CSV file as a whole: a reader finds the old file or the new one, never half of one. */
public final class CsvFile {
  private CsvFile() {}

  /** Replaces a file; its folders are made. */
  public static void write(Path file, List<String> header, List<List<String>> rows) {
    WholeFile.replace(
        file,
        temporary -> {
          try (CsvWriter csv =
              CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(temporary)) {
            csv.writeRecord(header);
            rows.forEach(csv::writeRecord);
          }
        });
  }
}
