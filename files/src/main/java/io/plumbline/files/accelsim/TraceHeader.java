package io.plumbline.files.accelsim;

import io.plumbline.trace.kernel.KernelHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines {@code -key = value} before the first thread block.
 *
 * @param sharedBase address from which on generic accesses are shared ones
 * @param localBase address from which on they are local ones
 */
record TraceHeader(
    KernelHeader kernel,
    int tracerVersion,
    boolean hasSourceLines,
    long sharedBase,
    long localBase) {
  private static final Pattern LINE = Pattern.compile("-([^=]*?)\\s*=\\s*(.*)");
  private static final Pattern DIMENSIONS =
      Pattern.compile("\\(\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*\\)");
  private static final List<Integer> ARCHITECTURES =
      List.of(35, 37, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90);
  private static final int MOST_REGISTERS = 255;

  /** Reads up to the first line that starts with {@code #}. */
  static TraceHeader read(LineCursor lines) {
    Map<String, String> values = new HashMap<>();
    while (lines.nextLine() && !lines.startsWith("#")) {
      if (lines.isEmpty()) {
        continue;
      }
      String text = lines.rest();
      Matcher line = LINE.matcher(text);
      if (!line.matches()) {
        throw lines.bad("expected -key = value, not %s".formatted(text));
      }
      check(lines, line.group(1), line.group(2));
      values.put(line.group(1), line.group(2));
    }
    return new TraceHeader(
        new KernelHeader(
            required(lines, values, "kernel name"),
            product(lines, values, "grid dim"),
            product(lines, values, "block dim"),
            integer(lines, values, "shmem"),
            integer(lines, values, "nregs"),
            integer(lines, values, "binary version")),
        values.containsKey("accelsim tracer version")
            ? integer(lines, values, "accelsim tracer version")
            : 1,
        "1".equals(values.get("enable lineinfo")),
        address(lines, values, "shmem base_addr"),
        address(lines, values, "local mem base_addr"));
  }

  /**
   * What a tracer that is too old for its driver writes is refused here, where its line is known.
   */
  private static void check(LineCursor lines, String key, String value) {
    if (key.equals("nregs") && whole(lines, key, value) > MOST_REGISTERS) {
      throw lines.bad(
          key, value, "must be at most 255. Maybe the tracer does not know its driver.");
    }
    if (key.equals("binary version") && !ARCHITECTURES.contains(whole(lines, key, value))) {
      throw lines.bad(key, value, "is no SM version. Known: %s".formatted(ARCHITECTURES));
    }
  }

  private static String required(LineCursor lines, Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw lines.bad("the header has no -%s".formatted(key));
    }
    return value;
  }

  private static int product(LineCursor lines, Map<String, String> values, String key) {
    String value = required(lines, values, key);
    Matcher dimensions = DIMENSIONS.matcher(value);
    if (!dimensions.matches()) {
      throw lines.bad("-" + key, value, "must be (x,y,z)");
    }
    long product = 1;
    for (int i = 1; i <= 3; i++) {
      product *= Integer.parseInt(dimensions.group(i));
      if (product < 1 || product > Integer.MAX_VALUE) {
        throw lines.bad("-" + key, value, "must be from 1 to %d".formatted(Integer.MAX_VALUE));
      }
    }
    return (int) product;
  }

  private static int integer(LineCursor lines, Map<String, String> values, String key) {
    return whole(lines, key, required(lines, values, key));
  }

  private static int whole(LineCursor lines, String key, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // explained below, with negative numbers
    }
    throw lines.bad("-" + key, value, "must be a whole number that is not negative");
  }

  private static long address(LineCursor lines, Map<String, String> values, String key) {
    String value = values.getOrDefault(key, "0x0");
    try {
      return Long.parseUnsignedLong(value.startsWith("0x") ? value.substring(2) : value, 16);
    } catch (NumberFormatException e) {
      throw lines.bad("-" + key, value, "must be an address such as 0x7f00");
    }
  }

  /** Whether a generic access to an address is one to shared memory. */
  boolean isShared(long address) {
    return sharedBase == 0 || localBase == 0 || (address >= sharedBase && address < localBase);
  }
}
