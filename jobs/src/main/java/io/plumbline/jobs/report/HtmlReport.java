package io.plumbline.jobs.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.Distribution;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.RunRow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The report as one page that needs nothing but a browser: styles, script and data are inside. */
final class HtmlReport {
  private final StringBuilder html = new StringBuilder();
  private int charts;

  private HtmlReport() {}

  static String of(ReportData data, List<CapacitySearches.Question> searches) {
    HtmlReport page = new HtmlReport();
    page.begin(data, searches);
    if (!data.comparisons().isEmpty()) {
      page.verdicts(data.comparisons());
    }
    data.comparisons().stream().limit(ReportData.MAX_DETAILED).forEach(page::comparison);
    if (!data.sweep().isEmpty()) {
      page.sweep(data);
    }
    page.html.append(CapacityHtml.of(searches));
    page.end();
    return page.html.toString();
  }

  private void begin(ReportData data, List<CapacitySearches.Question> searches) {
    add(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Plumbline report</title><style>
        %s</style></head><body>
        <a class="skip" href="#main">Skip to the verdicts</a>
        <header><button id="theme" type="button">Light or dark</button>\
        <p class="brand">Plumbline report</p><h1>%s</h1>
        <p class="soft">%s</p></header><main id="main">
        """,
        Resources.text("report.css"),
        Html.escape(Verdicts.headline(data)),
        Html.escape(ReportText.scope(data, searches)));
  }

  private void verdicts(List<Compared> comparisons) {
    add("<section><h2>%s</h2><ul class=\"verdicts\">\n", Verdicts.TITLE);
    for (Compared c : comparisons) {
      add(
          "<li><span class=\"chip %s\">%s</span> <b>%s</b> against %s: %s</li>\n",
          Verdicts.worst(c),
          Verdicts.worst(c),
          Html.escape(ReportData.name(c.simulated())),
          Html.escape(ReportData.name(c.reference())),
          Html.escape(Verdicts.sentence(c)));
    }
    add(
        "</ul>%s<table class=\"plain\"><caption>Errors in percent, with their 95 %% intervals; from"
            + " the table error_summary</caption><thead><tr>%s",
        Html.wide("Errors in percent"), Html.columnHead("simulated against"));
    for (String metric : List.of("ttft", "tpot", "e2e")) {
      for (String statistic : List.of("P50", "P99")) {
        add("<th scope=\"col\">%s %s</th>", Metrics.title(metric), statistic);
      }
    }
    add("</tr></thead><tbody>\n");
    comparisons.forEach(this::verdictRow);
    add("</tbody></table></div></section>\n");
  }

  private void verdictRow(Compared c) {
    add(
        "<tr><th scope=\"row\">%s against %s</th>",
        Html.escape(ReportData.name(c.simulated())), Html.escape(ReportData.name(c.reference())));
    for (String metric : List.of("ttft", "tpot", "e2e")) {
      for (String statistic : List.of("p50", "p99")) {
        ErrorSummaryRow row = c.statistic(metric, statistic);
        add(
            "<td>%s</td>",
            row == null
                ? "–"
                : "<span class=\"chip %s\">%s</span> %s"
                    .formatted(row.verdict(), row.verdict(), Verdicts.cell(c, row)));
      }
    }
    add("</tr>\n");
  }

  private void comparison(Compared c) {
    add(
        "<section><h2>%s <span class=\"soft\">against</span> %s</h2><p class=\"soft\">%s</p>\n",
        Html.escape(ReportData.name(c.simulated())),
        Html.escape(ReportData.name(c.reference())),
        Html.escape(ReportText.setting(c)));
    tiles(c);
    summary(c);
    String notes = ReportText.notes(c);
    if (!notes.isEmpty()) {
      add("<p class=\"soft note\">%s</p>\n", Html.escape(notes));
    }
    parts(c);
    plots(c);
    gap(c);
    reproduce(c);
    provenance(c.reference(), c.simulated());
    add("</section>\n");
  }

  private void tiles(Compared c) {
    add("<div class=\"tiles\">");
    for (String metric : Metrics.MAIN) {
      ErrorSummaryRow row = c.statistic(metric, "p50");
      if (row != null) {
        add(
            "<div class=\"tile %s\"><span>%s P50</span><b>%s %%</b><span>%s ms %s</span>"
                + "<span>%s ms simulated</span></div>\n",
            row.verdict(),
            Metrics.title(metric),
            SummaryTable.percent(row.percentError()),
            SummaryTable.millis(row.referenceNs()),
            ReportText.referenceWord(c),
            SummaryTable.millis(row.simulatedNs()));
      }
    }
    add("</div>\n");
  }

  private void summary(Compared c) {
    add(
        """
        <h3>Latency</h3>%s<table><caption>Table error_summary, comparison %s</caption>\
        <thead><tr><th scope="col">metric</th><th scope="col">statistic</th>\
        <th scope="col" class="n">%s, ms</th><th scope="col" class="n">simulated, ms</th>\
        <th scope="col" class="n">error, %%</th><th scope="col">verdict</th>\
        <th scope="col" class="n">samples</th></tr></thead>
        """,
        Html.wide("Latency"), c.id(), ReportText.referenceWord(c));
    String metric = "";
    for (ErrorSummaryRow row : c.summary()) {
      boolean first = !row.metric().equals(metric);
      if (first) {
        add(metric.isEmpty() ? "<tbody class=\"group\">" : "</tbody><tbody class=\"group\">");
        metric = row.metric();
      }
      add("<tr>");
      if (first) {
        String name = metric;
        add(
            "<th scope=\"rowgroup\" class=\"metric\" rowspan=\"%d\">%s<small>%s</small></th>",
            c.summary().stream().filter(r -> r.metric().equals(name)).count(),
            Metrics.title(metric),
            Metrics.meaning(metric));
      }
      add(
          "<td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
              + "<td><span class=\"chip %s\">%s</span></td><td class=\"n\">%d</td></tr>\n",
          Metrics.statistic(row.statistic()),
          SummaryTable.millis(row.referenceNs()),
          SummaryTable.millis(row.simulatedNs()),
          SummaryTable.percent(row.percentError()),
          row.verdict(),
          row.verdict(),
          row.samples());
    }
    add("</tbody></table></div>\n");
  }

  private void gap(Compared c) {
    if (c.timeParts() == null) {
      return;
    }
    add("<h3>%s</h3><p class=\"soft\">%s</p>", ReportText.GAP_TITLE, ReportText.GAP);
    numbers(
        "Tables iteration_timing and operator_time, both runs",
        GapTable.HEADER,
        GapTable.rows(c.timeParts()));
  }

  private void parts(Compared c) {
    if (!c.parts().isEmpty()) {
      add("<h3>%s</h3><p class=\"soft\">%s</p>", ReportText.PARTS_TITLE, ReportText.PARTS);
      numbers("Table error_attribution", ReportText.PARTS_HEADER, ReportText.parts(c));
    }
  }

  private void reproduce(Compared c) {
    add(
        "<h3>%s</h3><p class=\"soft\">%s</p><pre tabindex=\"0\"><code>%s</code></pre>\n",
        ReportText.REPRODUCE_TITLE,
        ReportText.REPRODUCE,
        Html.escape(String.join("\n", Verdicts.commands(c))));
  }

  /** A table of numbers whose rows begin with what they are of. */
  private void numbers(String caption, List<String> header, List<List<String>> rows) {
    add(
        "%s<table class=\"plain numbers\"><caption>%s</caption><thead><tr>",
        Html.wide(caption), caption);
    header.forEach(title -> add("<th scope=\"col\">%s</th>", title));
    add("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      add("<tr><th scope=\"row\">%s</th>", Html.escape(row.get(0)));
      row.stream().skip(1).forEach(cell -> add("<td class=\"n\">%s</td>", cell));
      add("</tr>\n");
    }
    add("</tbody></table></div>\n");
  }

  private void plots(Compared c) {
    String simulated = ReportData.name(c.simulated()) + " (simulated)";
    String reference = ReportData.name(c.reference()) + " (" + ReportText.referenceWord(c) + ")";
    add("<h3>Distributions</h3><div class=\"charts\">");
    for (String metric : Metrics.MAIN) {
      Distribution both = c.distributions().get(metric);
      if (both != null) {
        chart(
            Metrics.title(metric),
            Metrics.meaning(metric),
            "",
            Charts.cdf(both, reference, simulated));
      }
    }
    add("</div><h3>Quantile against quantile</h3><div class=\"charts\">");
    for (String metric : Metrics.MAIN) {
      Distribution both = c.distributions().get(metric);
      if (both != null) {
        chart(
            Metrics.title(metric),
            "on the line, both are equal",
            "",
            Charts.quantiles(both, ReportText.referenceWord(c)));
      }
    }
    add("</div><h3>Error by percentile</h3>");
    chart(
        "Percent error of each percentile",
        "0 is a perfect prediction",
        "",
        Charts.errorByPercentile(c.distributions()));
    add("<h3>Error of each request</h3>");
    chart("Percent error", "0 is a perfect prediction", "tall", Charts.requestErrors(c.requests()));
  }

  private void chart(String title, String what, String size, ObjectNode option) {
    String id = "option-" + charts++;
    add(
        """
        <figure><figcaption>%s <span>%s</span></figcaption>\
        <div class="chart %s" data-option="%s" role="img" aria-label="%s"></div></figure>
        <script type="application/json" id="%s">%s</script>
        """,
        Html.escape(title),
        Html.escape(what),
        size,
        id,
        Html.escape(Charts.words(title, option)),
        id,
        Html.json(option.toString()));
  }

  private void provenance(RunRow reference, RunRow simulated) {
    Map<String, String> left = RunFacts.of(reference);
    Map<String, String> right = RunFacts.of(simulated);
    Set<String> names = new LinkedHashSet<>(left.keySet());
    names.addAll(right.keySet());
    add(
        "<details open><summary>Where the runs come from</summary>%s"
            + "<table class=\"plain facts\"><caption>Table run</caption><thead><tr>"
            + "<th scope=\"col\">fact</th><th scope=\"col\">%s</th>"
            + "<th scope=\"col\">%s</th></tr></thead>"
            + "<tbody>\n",
        Html.wide("Where the runs come from"),
        Html.escape(ReportData.name(reference)),
        Html.escape(ReportData.name(simulated)));
    for (String name : names) {
      add(
          "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n",
          name,
          Html.escape(left.getOrDefault(name, "–")),
          Html.escape(right.getOrDefault(name, "–")));
    }
    add("</tbody></table></div></details>\n");
  }

  private void sweep(ReportData data) {
    add(
        "<section><h2>Sweeps</h2><p class=\"soft\">%s</p>\n",
        Html.escape(ReportText.sweepScope(data)));
    data.sweeps().forEach(this::sweep);
    add("</section>\n");
  }

  private void sweep(String name, List<ReportData.SweepPoint> points) {
    add("<h3>%s</h3>\n", Html.escape(name));
    // A single point has nothing to be compared with.
    if (points.size() > 1) {
      chart(
          "Throughput against tail latency",
          "right and low is better",
          "tall",
          Charts.sweep(points));
    }
    add(
        "%s<table class=\"plain\"><caption>Tables sweep_point, run, request_timing and"
            + " utilization</caption><thead><tr>",
        Html.wide("Points of a sweep"));
    for (int i = 0; i < SweepText.HEADER.size(); i++) {
      add(
          "<th scope=\"col\"%s>%s</th>",
          SweepText.isNumber(i) ? " class=\"n\"" : "", SweepText.HEADER.get(i));
    }
    add("</tr></thead><tbody>\n");
    for (ReportData.SweepPoint point : points) {
      add("<tr>");
      List<String> cells = SweepText.cells(point);
      for (int i = 0; i < cells.size(); i++) {
        add(
            "<td%s>%s</td>",
            SweepText.isNumber(i) ? " class=\"n\"" : "", Html.escape(cells.get(i)));
      }
      add("</tr>\n");
    }
    add("</tbody></table></div>\n");
  }

  private void end() {
    add(
        "</main><footer><p>%s</p></footer>\n<script>%s</script>\n<script>%s</script>\n</body></html>\n",
        Html.escape(ReportText.METHOD),
        Html.script(Resources.echarts()),
        Html.script(Resources.text("report.js")));
  }

  private void add(String format, Object... values) {
    html.append(values.length == 0 ? format : format.formatted(values));
  }
}
