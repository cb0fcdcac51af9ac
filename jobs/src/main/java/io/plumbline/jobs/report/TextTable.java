package io.plumbline.jobs.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table in plain text: columns aligned, nothing cut. */
public final class TextTable {
  /** Where the cells of a column stand. */
  public enum Align {
    LEFT,
    RIGHT
  }

  private final List<Align> aligns;
  private final List<List<String>> lines = new ArrayList<>();

  /** A table whose first line is its header. */
  public TextTable(List<Align> aligns, List<String> header) {
    this.aligns = List.copyOf(aligns);
    add(header);
  }

  /** Adds a line; it must have a cell for every column. */
  public TextTable add(List<String> cells) {
    if (cells.size() != aligns.size()) {
      throw new IllegalArgumentException(
          "%d cells for %d columns".formatted(cells.size(), aligns.size()));
    }
    // A line break inside a cell would tear the table apart.
    lines.add(cells.stream().map(cell -> cell.replaceAll("\\R", " ")).toList());
    return this;
  }

  /** The lines with a rule under the header, each ended by a line feed. */
  public String text() {
    int[] widths = new int[aligns.size()];
    for (List<String> line : lines) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], width(line.get(c)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      append(text, lines.get(i), widths);
      if (i == 0) {
        append(text, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
      }
    }
    return text.toString();
  }

  private void append(StringBuilder text, List<String> line, int[] widths) {
    StringBuilder joined = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - width(line.get(c)));
      joined.append(c == 0 ? "" : "  ");
      joined.append(aligns.get(c) == Align.RIGHT ? padding + line.get(c) : line.get(c) + padding);
    }
    text.append(joined.toString().stripTrailing()).append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
