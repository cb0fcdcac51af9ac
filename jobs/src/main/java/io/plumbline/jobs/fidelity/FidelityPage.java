package io.plumbline.jobs.fidelity;

import java.util.List;
import java.util.regex.Pattern;

/** A matrix as one page that needs nothing but a browser: styles are inside, no scripts. */
final class FidelityPage {
  private static final Pattern VERDICT = Pattern.compile("(?<= )(PASS|WARN|FAIL)$");

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --soft: #667; --line: #8884; --pass: #2a8a4a;
        --warn: #b07a00; --fail: #c0392b; }
      body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem;
        padding: 1rem; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
      .soft { color: var(--soft); } .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .25rem .6rem; text-align: left; border-bottom: 1px solid var(--line);
        white-space: nowrap; }
      .PASS { background: color-mix(in srgb, var(--pass) 22%, transparent); }
      .WARN { background: color-mix(in srgb, var(--warn) 26%, transparent); }
      .FAIL { background: color-mix(in srgb, var(--fail) 22%, transparent); }
      .heat caption { text-align: left; font-weight: 600; padding-top: .8rem; }
      .heat td { text-align: right; line-height: 1.15; padding: .25rem .45rem; min-width: 3.2rem; }
      .heat thead th { white-space: normal; font-weight: 500; font-size: .8rem; max-width: 5.5rem; }
      .heat .PASS { background: color-mix(in srgb, var(--pass) var(--strength), transparent); }
      .heat .WARN { background: color-mix(in srgb, var(--warn) var(--strength), transparent); }
      .heat .FAIL { background: color-mix(in srgb, var(--fail) var(--strength), transparent); }
      """;

  private FidelityPage() {}

  static String of(
      FidelityMatrix.Result made, List<ReportTable> leagues, List<ReportTable> tables) {
    StringBuilder html =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Fidelity matrix %s</title><style>
            %s</style></head><body>
            <h1>Fidelity matrix %s</h1><p class="soft">%s</p>
            """
                .formatted(
                    escape(made.matrix().name()),
                    STYLE,
                    escape(made.matrix().name()),
                    escape(FidelityReport.head(made).lines().skip(2).findFirst().orElse(""))));
    made.notes().forEach(note -> html.append("<p>").append(escape(note)).append("</p>\n"));
    leagues.forEach(table -> add(html, table));
    html.append(HeatMap.of(made.cells(), FidelityTables.METRICS, made.rules().thresholds()));
    tables.forEach(table -> add(html, table));
    return html.append("</body></html>\n").toString();
  }

  private static void add(StringBuilder html, ReportTable table) {
    html.append(
        "<section><h2>%s</h2><p class=\"soft\">%s</p>\n"
            .formatted(escape(table.title()), escape(table.explanation())));
    html.append("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
    table
        .header()
        .forEach(cell -> html.append("<th scope=\"col\">").append(escape(cell)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      row.forEach(
          cell -> {
            var verdict = VERDICT.matcher(cell);
            html.append(verdict.find() ? "<td class=\"%s\">".formatted(verdict.group(1)) : "<td>");
            html.append(escape(cell)).append("</td>");
          });
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div></section>\n");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
