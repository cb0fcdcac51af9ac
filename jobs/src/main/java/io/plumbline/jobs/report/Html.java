package io.plumbline.jobs.report;

/** Makes text safe inside a page. */
final class Html {
  private Html() {}

  /** Text for an element or a quoted attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** JSON for a {@code <script>} element; a JSON string may spell any character by its number. */
  static String json(String json) {
    return json.replace("<", "\\u003c");
  }

  /**
   * A script for a {@code <script>} element: both sequences can only stand inside its string
   * literals, where the backslash changes nothing.
   */
  static String script(String script) {
    return script.replace("</", "<\\/").replace("<!--", "<\\!--");
  }
}
