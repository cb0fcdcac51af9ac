package io.plumbline.jobs.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.jobs.report.CapacitySearches.Question;
import io.plumbline.jobs.table.ParetoRow;
import java.util.List;

/** The section of the page on capacity searches. */
final class CapacityHtml {
  private final StringBuilder html = new StringBuilder();
  private int charts;

  private CapacityHtml() {}

  /** The section; empty without searches. */
  static String of(List<Question> questions) {
    CapacityHtml section = new CapacityHtml();
    if (!questions.isEmpty()) {
      section.add(
          "<section><h2>%s</h2><p class=\"soft\">%s</p>\n",
          CapacitySearches.TITLE, Html.escape(CapacitySearches.SCOPE));
      questions.forEach(section::question);
      section.add("</section>\n");
    }
    return section.html.toString();
  }

  private void question(Question question) {
    add(
        "<h3>%s</h3><p class=\"soft\">%s</p>\n",
        Html.escape(question.title()), Html.escape(question.scope()));
    if (question.found().isEmpty()) {
      return;
    }
    add("<div class=\"charts\">");
    String limit = CapacityCharts.limit(question);
    if (limit != null) {
      chart(
          "Capacity against the objective",
          "the best configuration of each device",
          CapacityCharts.againstLimit(question, limit));
    }
    if (question.found().stream().anyMatch(row -> row.rank() != null)) {
      chart(
          "Pareto front by TTFT",
          "left and high is better",
          CapacityCharts.front(
              question, "P90 TTFT", ParetoRow::ttftP90Ns, r -> r.onTtftFront() == 1));
      chart(
          "Pareto front by TBT",
          "left and high is better",
          CapacityCharts.front(question, "P99 TBT", ParetoRow::tbtP99Ns, r -> r.onTbtFront() == 1));
    }
    if (question.found().stream().anyMatch(row -> row.dollarsPerMillionOutputTokens() != null)) {
      chart("Cost", "low is better", CapacityCharts.cost(question));
    }
    add("</div>");
    table(question.shown());
  }

  private void chart(String title, String what, ObjectNode option) {
    String id = "capacity-" + charts++;
    add(
        """
        <figure><figcaption>%s <span>%s</span></figcaption>\
        <div class="chart" data-option="%s" role="img" aria-label="%s"></div></figure>
        <script type="application/json" id="%s">%s</script>
        """,
        Html.escape(title),
        Html.escape(what),
        id,
        Html.escape(Charts.words(title, option)),
        id,
        Html.json(option.toString()));
  }

  private void table(List<ParetoRow> rows) {
    add(
        "%s<table class=\"plain\"><caption>Table pareto</caption><thead><tr>",
        Html.wide("Capacities"));
    for (int i = 0; i < CapacitySearches.HEADER.size(); i++) {
      add("<th scope=\"col\"%s>%s</th>", align(i), CapacitySearches.HEADER.get(i));
    }
    add("</tr></thead><tbody>\n");
    for (ParetoRow row : rows) {
      add("<tr>");
      List<String> cells = CapacitySearches.cells(row);
      for (int i = 0; i < cells.size(); i++) {
        add("<td%s>%s</td>", align(i), Html.escape(cells.get(i)));
      }
      add("</tr>\n");
    }
    add("</tbody></table></div>\n");
  }

  private static String align(int column) {
    return CapacitySearches.isNumber(column) ? " class=\"n\"" : "";
  }

  private void add(String format, Object... values) {
    html.append(values.length == 0 ? format : format.formatted(values));
  }
}
