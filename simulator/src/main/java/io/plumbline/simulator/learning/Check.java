package io.plumbline.simulator.learning;

import java.util.List;

/** Checks of specs and questions, with one form of message. */
final class Check {
  private Check() {}

  static void grid(String what, List<Integer> values, int least) {
    notEmpty(what, values);
    for (int value : values) {
      atLeast(what, value, least);
    }
  }

  static void notEmpty(String what, List<?> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("%s must not be empty".formatted(what));
    }
  }

  static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s (%d) must be at least %d".formatted(what, value, least));
    }
  }

  static void asked(int asked, int features) {
    if (asked != features) {
      throw new IllegalArgumentException(
          "the model predicts from %d features, not from %d".formatted(features, asked));
    }
  }
}
