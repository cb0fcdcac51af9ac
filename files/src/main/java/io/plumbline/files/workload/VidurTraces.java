package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.vidur.VidurReplay;
import io.plumbline.trace.workload.vidur.VidurRequests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** Reads traces as Vidur does, where it differs from {@link TraceFiles}. */
final class VidurTraces {
  private static final String ARRIVED_AT = "arrived_at";
  private static final String PREFILL = "num_prefill_tokens";
  private static final String DECODE = "num_decode_tokens";

  private VidurTraces() {}

  /** Refuses factors and limits by the names of Vidur's options. */
  static void requireScales(int maxTokens, double prefillScale, double decodeScale) {
    requirePositive("prefillScaleFactor", prefillScale);
    requirePositive("decodeScaleFactor", decodeScale);
    new TraceLimits(null, maxTokens, 1, prefillScale, decodeScale);
  }

  static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }

  /** Scaled and truncated; the excess over the most tokens is taken from both in proportion. */
  static List<TokenLengths.Pair> readLengths(
      Path file, int maxTokens, double prefillScale, double decodeScale) {
    List<TokenLengths.Pair> pairs = new ArrayList<>();
    new CsvTable(file, PREFILL, DECODE)
        .forEach(
            row -> {
              int prefill = (int) (row.integer(PREFILL, 0) * prefillScale);
              int decode = (int) (row.integer(DECODE, 0) * decodeScale);
              pairs.add(cutInProportion(prefill, decode, maxTokens));
            });
    requireRows(file, pairs);
    return pairs;
  }

  static TokenLengths.Pair cutInProportion(int prefill, int decode, int maxTokens) {
    double total = (double) prefill + decode;
    double excess = Math.max(0, total - maxTokens);
    if (excess == 0) {
      return new TokenLengths.Pair(Math.max(1, prefill), Math.max(1, decode));
    }
    int fewerPrefill = (int) Math.ceil(excess * (prefill / total));
    int fewerDecode = (int) Math.ceil(excess * (decode / total));
    return new TokenLengths.Pair(
        Math.max(1, prefill - fewerPrefill), Math.max(1, decode - fewerDecode));
  }

  /** Whole requests in the order of the file, arrivals unrounded. */
  static VidurRequests readReplay(Path file, TraceLimits limits, long seed) {
    DoubleStream.Builder arrivals = DoubleStream.builder();
    List<TokenLengths.Pair> pairs = new ArrayList<>();
    new CsvTable(file, ARRIVED_AT, PREFILL, DECODE)
        .forEach(
            row -> {
              arrivals.add(row.seconds(ARRIVED_AT) * limits.timeScale());
              pairs.add(
                  limits.lengths(
                      row.integer(PREFILL, 0),
                      row.integer(DECODE, 0),
                      "%s:%d".formatted(file, row.line())));
            });
    requireRows(file, pairs);
    return named(file.toString(), () -> VidurReplay.of(arrivals.build().toArray(), pairs, seed));
  }

  private static void requireRows(Path file, List<TokenLengths.Pair> pairs) {
    if (pairs.isEmpty()) {
      throw new BadInputException("%s: no rows below the header".formatted(file));
    }
  }

  /** Says where the requests that break a rule come from. */
  static VidurRequests named(String where, Supplier<VidurRequests> requests) {
    try {
      return requests.get();
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(where, e.getMessage()), e);
    }
  }
}
