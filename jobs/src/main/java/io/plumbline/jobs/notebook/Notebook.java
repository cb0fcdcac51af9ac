package io.plumbline.jobs.notebook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.jobs.report.Page;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The tables of a results folder in a notebook, each answer as HTML to display. Charts need {@link
 * #start} displayed once before them, and no network.
 */
public final class Notebook {
  private static final int MOST_ROWS = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  private final String dir;
  private int charts;

  private Notebook(SparkSession spark, String dir) {
    this.spark = spark;
    this.dir = dir;
  }

  /** What a series of a chart is drawn as. */
  public enum Mark {
    LINE,
    SCATTER,
    BAR
  }

  /**
   * Opens the results: {@code -Dplumbline.results}, PLUMBLINE_RESULTS, else the folder results of
   * PLUMBLINE_HOME or beside the notebooks.
   */
  public static Notebook open() {
    // Kernels log everything of java.util.logging, and Janino's share of it breaks Spark's codegen.
    Logger.getLogger("").setLevel(Level.WARNING);
    String dir = System.getProperty("plumbline.results", System.getenv("PLUMBLINE_RESULTS"));
    if (dir == null || dir.isEmpty()) {
      String home = System.getenv("PLUMBLINE_HOME");
      dir = Path.of(home == null ? ".." : home, "results").toString();
    }
    SparkSession spark = SparkSessions.open("plumbline notebook");
    Tables.register(spark, dir);
    return new Notebook(spark, dir);
  }

  /** What charts need, and where the results are. */
  public String start() {
    return "<script>(function(define,module,exports){%s}).call(window);</script><p>Results of <code>%s</code></p>"
        .formatted(Page.script(Page.echarts()), Page.escape(dir));
  }

  /** The rows of an answer. */
  public List<Row> rows(String sql) {
    return spark.sql(sql).collectAsList();
  }

  /** An answer as a table. */
  public String table(String sql) {
    var answer = spark.sql(sql);
    List<Row> rows = answer.takeAsList(MOST_ROWS + 1);
    StringBuilder html = new StringBuilder("<table><thead><tr>");
    for (String column : answer.columns()) {
      html.append("<th scope=\"col\">").append(Page.escape(column)).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (Row row : rows.subList(0, Math.min(MOST_ROWS, rows.size()))) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        html.append("<td>")
            .append(row.isNullAt(i) ? "–" : Page.escape(row.get(i).toString()))
            .append("</td>");
      }
      html.append("</tr>");
    }
    html.append("</tbody></table>");
    return html.append(
            rows.size() > MOST_ROWS ? "<p>The first %d rows.</p>".formatted(MOST_ROWS) : "")
        .append(rows.isEmpty() ? "<p>No rows.</p>" : "")
        .toString();
  }

  /**
   * An answer as a chart.
   *
   * @param sql gives three columns: name of the series, x and y; x may be text
   */
  public String chart(Mark mark, String title, String xName, String yName, String sql) {
    Map<String, ArrayNode> series = new LinkedHashMap<>();
    boolean isText = false;
    for (Row row : rows(sql)) {
      if (row.isNullAt(1) || row.isNullAt(2)) {
        continue;
      }
      ArrayNode point = JSON.createArrayNode();
      isText = !(row.get(1) instanceof Number);
      point.addPOJO(row.get(1)).addPOJO(row.get(2));
      series.computeIfAbsent(String.valueOf(row.get(0)), name -> JSON.createArrayNode()).add(point);
    }
    ObjectNode option = JSON.createObjectNode().put("animation", false);
    option.putObject("title").put("text", title);
    option.putObject("legend").put("top", 28).put("type", "scroll");
    option.putObject("tooltip").put("trigger", "item");
    option.putObject("grid").put("top", 84).put("containLabel", true);
    option.putObject("aria").put("enabled", true);
    option.putObject("xAxis").put("name", xName).put("type", isText ? "category" : "value");
    option.putObject("yAxis").put("name", yName).put("type", "value");
    ArrayNode all = option.putArray("series");
    series.forEach(
        (name, data) ->
            all.addObject()
                .put("name", name)
                .put("type", mark.name().toLowerCase(Locale.ROOT))
                .set("data", data));
    String id =
        "chart-%s-%d".formatted(Integer.toHexString(System.identityHashCode(this)), charts++);
    return "<div id=\"%s\" style=\"width:100%%;max-width:860px;height:380px\"></div><script>echarts.init(document.getElementById('%s'),null,{renderer:'svg'}).setOption(%s);</script>"
        .formatted(id, id, Page.json(option.toString()));
  }
}
