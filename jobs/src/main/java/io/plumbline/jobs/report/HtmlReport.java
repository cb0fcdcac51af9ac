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
    if (data.comparisons().size() > 1) {
      page.overview(data.comparisons());
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
    String headline =
        data.comparisons().isEmpty()
            ? "Simulated runs, not yet compared"
            : "How far the simulation is from the measurement";
    add(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Plumbline report</title><style>
        %s</style></head><body>
        <header><p class="brand">Plumbline report</p><h1>%s</h1>
        <p class="soft">%s</p></header><main>
        """,
        Resources.text("report.css"), headline, Html.escape(ReportText.scope(data, searches)));
  }

  private void overview(List<Compared> comparisons) {
    add("<section><h2>Overview</h2><p class=\"soft\">Error of the P50 in percent, by metric</p>");
    add(
        "<div class=\"wide\"><table class=\"plain\"><thead><tr><th>reference</th><th>simulated</th>");
    Metrics.MAIN.forEach(metric -> add("<th class=\"n\">%s</th>", Metrics.title(metric)));
    add("</tr></thead><tbody>\n");
    for (Compared c : comparisons) {
      add(
          "<tr><td>%s</td><td>%s</td>",
          Html.escape(ReportData.name(c.reference())), Html.escape(ReportData.name(c.simulated())));
      for (String metric : Metrics.MAIN) {
        ErrorSummaryRow row = c.statistic(metric, "p50");
        add(
            "<td class=\"n\">%s</td>",
            row == null
                ? "–"
                : "<span class=\"chip %s\">%s %%</span>"
                    .formatted(row.verdict(), SummaryTable.percent(row.percentError())));
      }
      add("</tr>\n");
    }
    add("</tbody></table></div></section>\n");
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
    gap(c);
    plots(c);
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
        <h3>Latency</h3><div class="wide"><table><thead><tr><th>metric</th><th>statistic</th>\
        <th class="n">%s, ms</th><th class="n">simulated, ms</th><th class="n">error, %%</th>\
        <th>verdict</th><th class="n">samples</th></tr></thead>
        """,
        ReportText.referenceWord(c));
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
            "<td class=\"metric\" rowspan=\"%d\">%s<small>%s</small></td>",
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
    add(
        "<h3>%s</h3><p class=\"soft\">%s</p><div class=\"wide\"><table class=\"plain\"><thead><tr>",
        ReportText.GAP_TITLE, ReportText.GAP);
    GapTable.HEADER.forEach(title -> add("<th>%s</th>", title));
    add("</tr></thead><tbody>\n");
    for (List<String> row : GapTable.rows(c.timeParts())) {
      add("<tr><td>%s</td>", Html.escape(row.get(0)));
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
    add("</div><h3>Error of each request</h3>");
    chart("Percent error", "0 is a perfect prediction", "tall", Charts.requestErrors(c.requests()));
  }

  private void chart(String title, String what, String size, ObjectNode option) {
    String id = "option-" + charts++;
    add(
        """
        <figure><figcaption>%s <span>%s</span></figcaption>\
        <div class="chart %s" data-option="%s"></div></figure>
        <script type="application/json" id="%s">%s</script>
        """,
        Html.escape(title), Html.escape(what), size, id, id, Html.json(option.toString()));
  }

  private void provenance(RunRow reference, RunRow simulated) {
    Map<String, String> left = RunFacts.of(reference);
    Map<String, String> right = RunFacts.of(simulated);
    Set<String> names = new LinkedHashSet<>(left.keySet());
    names.addAll(right.keySet());
    add(
        "<details open><summary>Where the runs come from</summary><div class=\"wide\">"
            + "<table class=\"plain facts\"><thead><tr><th></th><th>%s</th><th>%s</th></tr></thead>"
            + "<tbody>\n",
        Html.escape(ReportData.name(reference)), Html.escape(ReportData.name(simulated)));
    for (String name : names) {
      add(
          "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
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
    add("<div class=\"wide\"><table class=\"plain\"><thead><tr>");
    for (int i = 0; i < SweepText.HEADER.size(); i++) {
      add("<th%s>%s</th>", SweepText.isNumber(i) ? " class=\"n\"" : "", SweepText.HEADER.get(i));
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
