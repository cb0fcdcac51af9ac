package io.plumbline.jobs.fidelity;

import java.util.ArrayList;
import java.util.List;

/** A table of a report: a title, a sentence that says how to read it, and cells of text. */
final class ReportTable {
  private final String title;
  private final String explanation;
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  ReportTable(String title, String explanation, List<String> header) {
    this.title = title;
    this.explanation = explanation;
    this.header = List.copyOf(header);
  }

  /** Adds a row; it must have a cell for every column. */
  ReportTable add(List<String> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(
          "%d cells for %d columns".formatted(cells.size(), header.size()));
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  String title() {
    return title;
  }

  String explanation() {
    return explanation;
  }

  List<String> header() {
    return header;
  }

  List<List<String>> rows() {
    return rows;
  }

  String markdown() {
    StringBuilder text = new StringBuilder("## %s%n%n%s%n%n".formatted(title, explanation));
    text.append(line(header));
    text.append("|").append("---|".repeat(header.size())).append('\n');
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> cells) {
    StringBuilder line = new StringBuilder("|");
    // A bar or a line break inside a cell would tear the table apart.
    cells.forEach(
        cell ->
            line.append(' ').append(cell.replace("|", "\\|").replaceAll("\\R", " ")).append(" |"));
    return line.append('\n').toString();
  }
}
