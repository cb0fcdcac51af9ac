package io.plumbline.jobs.profile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Numbers as pandas reads them from CSV unless told otherwise. It counts the first 17 digits, zeros
 * in front included, adds them up in a double and scales by a power of ten, so the last bit may
 * differ from the nearest double, and two texts that differ far behind are one number. Vidur drops
 * duplicates by such numbers and trains on them.
 *
 * @see <a href="https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html">float_precision
 *     of pandas.read_csv</a>
 */
final class PandasNumber {
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?)([0-9]*)(?:\\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?");
  private static final int MAX_DIGITS = 17;
  private static final int MAX_EXPONENT = 308;
  private static final double[] POWERS_OF_TEN =
      IntStream.rangeClosed(0, MAX_EXPONENT)
          .mapToDouble(exponent -> Double.parseDouble("1e" + exponent))
          .toArray();

  private PandasNumber() {}

  /** The number of a text; NaN if it is none. */
  static double parse(String text) {
    Matcher parts = NUMBER.matcher(text.strip());
    if (!parts.matches()) {
      return Double.NaN;
    }
    String whole = parts.group(2);
    String fraction = parts.group(3) == null ? "" : parts.group(3);
    if (whole.isEmpty() && fraction.isEmpty()) {
      return Double.NaN;
    }
    String digits = whole + fraction;
    int counted = Math.min(digits.length(), MAX_DIGITS);
    double number = 0;
    for (int i = 0; i < counted; i++) {
      number = number * 10 + (digits.charAt(i) - '0');
    }
    int stated = parts.group(4) == null ? 0 : Integer.parseInt(parts.group(4));
    double value = scaled(number, whole.length() - counted + stated);
    return parts.group(1).equals("-") ? -value : value;
  }

  private static double scaled(double number, int exponent) {
    if (exponent > MAX_EXPONENT) {
      return number == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (exponent >= 0) {
      return number * POWERS_OF_TEN[exponent];
    }
    if (exponent >= -MAX_EXPONENT) {
      return number / POWERS_OF_TEN[-exponent];
    }
    int rest = -exponent - MAX_EXPONENT;
    return rest > MAX_EXPONENT ? 0 : number / POWERS_OF_TEN[rest] / POWERS_OF_TEN[MAX_EXPONENT];
  }
}
