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

  /**
   * JSON or a script for a {@code <script>} element: only there do both sequences matter, and only
   * inside string literals can they stand, where the backslash changes nothing.
   */
  static String scriptSafe(String script) {
    return script.replace("</", "<\\/").replace("<!--", "<\\!--");
  }
}
