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

  /** Opens a box that scrolls sideways alone, with the keyboard as well. */
  static String wide(String what) {
    return "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">"
        .formatted(escape(what));
  }

  static String columnHead(String text) {
    return "<th scope=\"col\">%s</th>".formatted(escape(text));
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
