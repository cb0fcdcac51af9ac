package io.plumbline.jobs.report;

/** What other pages than the report need of it. */
public final class Page {
  private Page() {}

  /** ECharts, to be inlined. */
  public static String echarts() {
    return Resources.echarts();
  }

  /** A script for a {@code <script>} element. */
  public static String script(String script) {
    return Html.script(script);
  }

  /** JSON for a {@code <script>} element. */
  public static String json(String json) {
    return Html.json(json);
  }

  /** Text for an element or a quoted attribute. */
  public static String escape(String text) {
    return Html.escape(text);
  }
}
