package io.plumbline.files.reallm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Degrees as ReaLLM writes them, {@code tp4_cp2}; those that are not written are 1. */
public record ParallelismText(int expert, int tensor, int pipeline, int context, int data) {
  private static final Pattern DEGREE = Pattern.compile("(ep|tp|pp|cp|dp)([1-9][0-9]{0,5})");

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ParallelismText of(String text) {
    int[] degrees = {1, 1, 1, 1, 1};
    for (String part : text.split("_", -1)) {
      Matcher matcher = DEGREE.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "parallelism (%s) has the part \"%s\". Maybe tp8, or tp4_cp2: ep, tp, pp, cp and dp, each with a number"
                .formatted(text, part));
      }
      int at = "ep,tp,pp,cp,dp".indexOf(matcher.group(1)) / 3;
      degrees[at] = Integer.parseInt(matcher.group(2));
    }
    return new ParallelismText(degrees[0], degrees[1], degrees[2], degrees[3], degrees[4]);
  }
}
