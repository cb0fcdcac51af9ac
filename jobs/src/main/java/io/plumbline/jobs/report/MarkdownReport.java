package io.plumbline.jobs.report;

import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.SweepPoint;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.ParetoRow;
import io.plumbline.jobs.table.RunRow;
import java.util.List;
import java.util.stream.Collectors;

/** The report as Markdown: the same numbers as the page, without plots. */
final class MarkdownReport {
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport() {}

  static String of(ReportData data, List<CapacitySearches.Question> searches) {
    MarkdownReport report = new MarkdownReport();
    report
        .text
        .append("# Plumbline report\n\n**%s**\n\n".formatted(cell(Verdicts.headline(data))))
        .append(ReportText.scope(data, searches))
        .append('\n');
    report.verdicts(data.comparisons());
    data.comparisons().stream().limit(ReportData.MAX_DETAILED).forEach(report::comparison);
    if (!data.sweep().isEmpty()) {
      report.sweep(data);
    }
    if (!searches.isEmpty()) {
      report.capacity(searches);
    }
    report.text.append('\n').append(ReportText.METHOD).append('\n');
    return report.text.toString();
  }

  private void verdicts(List<Compared> comparisons) {
    if (comparisons.isEmpty()) {
      return;
    }
    text.append("\n## %s\n\n".formatted(Verdicts.TITLE));
    for (Compared c : comparisons) {
      text.append(
          "- **%s**, %s against %s: %s\n"
              .formatted(
                  Verdicts.worst(c),
                  cell(ReportData.name(c.simulated())),
                  cell(ReportData.name(c.reference())),
                  cell(Verdicts.sentence(c))));
    }
  }

  private void comparison(Compared c) {
    text.append(
        "\n## %s against %s\n\n%s\n\n"
            .formatted(
                cell(ReportData.name(c.simulated())),
                cell(ReportData.name(c.reference())),
                cell(ReportText.setting(c))));
    String word = ReportText.referenceWord(c);
    text.append(
        "| metric | statistic | %s, ms | simulated, ms | error, %% | verdict | samples |\n"
            .formatted(word));
    text.append("|---|---|---:|---:|---:|---|---:|\n");
    for (ErrorSummaryRow row : c.summary()) {
      line(
          List.of(
              Metrics.title(row.metric()).replace("*", "\\*"),
              Metrics.statistic(row.statistic()),
              SummaryTable.millis(row.referenceNs()),
              SummaryTable.millis(row.simulatedNs()),
              SummaryTable.percent(row.percentError()),
              row.verdict(),
              Long.toString(row.samples())));
    }
    String notes = ReportText.notes(c);
    if (!notes.isEmpty()) {
      text.append('\n').append(notes.replace("*", "\\*")).append('\n');
    }
    parts(c);
    gap(c);
    reproduce(c);
    facts(c.reference());
    facts(c.simulated());
  }

  private void parts(Compared c) {
    if (!c.parts().isEmpty()) {
      text.append("\n### %s\n\n%s\n\n".formatted(ReportText.PARTS_TITLE, ReportText.PARTS));
      line(ReportText.PARTS_HEADER);
      text.append("|---|---:|---:|---:|---:|\n");
      ReportText.parts(c).forEach(this::line);
    }
  }

  private void reproduce(Compared c) {
    text.append(
        "\n### %s\n\n%s\n\n```sh\n%s\n```\n"
            .formatted(
                ReportText.REPRODUCE_TITLE,
                ReportText.REPRODUCE,
                String.join("\n", Verdicts.commands(c))));
  }

  private void gap(Compared c) {
    if (c.timeParts() == null) {
      return;
    }
    text.append("\n### %s\n\n%s\n\n".formatted(ReportText.GAP_TITLE, ReportText.GAP));
    line(GapTable.HEADER);
    text.append("|---|---:|---:|---:|---:|\n");
    GapTable.rows(c.timeParts()).forEach(this::line);
  }

  private void facts(RunRow run) {
    text.append(
        "\n### Run %s\n\n| fact | value |\n|---|---|\n".formatted(cell(ReportData.name(run))));
    RunFacts.of(run).forEach((name, value) -> line(List.of(name, cell(value))));
  }

  private void sweep(ReportData data) {
    text.append("\n## Sweeps\n\n%s\n".formatted(ReportText.sweepScope(data)));
    data.sweeps().forEach(this::sweep);
  }

  private void sweep(String name, List<SweepPoint> points) {
    text.append("\n### %s\n\n".formatted(cell(name)));
    line(SweepText.HEADER);
    text.append('|');
    for (int i = 0; i < SweepText.HEADER.size(); i++) {
      text.append(SweepText.isNumber(i) ? "---:|" : "---|");
    }
    text.append('\n');
    for (SweepPoint point : points) {
      line(SweepText.cells(point).stream().map(MarkdownReport::cell).toList());
    }
  }

  private void capacity(List<CapacitySearches.Question> searches) {
    text.append("\n## %s\n\n%s\n".formatted(CapacitySearches.TITLE, CapacitySearches.SCOPE));
    for (CapacitySearches.Question question : searches) {
      text.append("\n### %s\n\n%s\n\n".formatted(cell(question.title()), cell(question.scope())));
      if (!question.found().isEmpty()) {
        line(CapacitySearches.HEADER);
        text.append('|');
        for (int i = 0; i < CapacitySearches.HEADER.size(); i++) {
          text.append(CapacitySearches.isNumber(i) ? "---:|" : "---|");
        }
        text.append('\n');
        for (ParetoRow row : question.shown()) {
          line(CapacitySearches.cells(row).stream().map(MarkdownReport::cell).toList());
        }
      }
    }
  }

  private void line(List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /** Text that stays one cell and stays text. */
  private static String cell(String text) {
    return text.replaceAll("\\R", " ").replace("|", "\\|").replace("<", "&lt;");
  }
}
