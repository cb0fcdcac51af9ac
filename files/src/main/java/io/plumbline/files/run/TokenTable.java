package io.plumbline.files.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.TokenTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code token_metrics.csv}: one row per output token, by request in the order of tokens. */
final class TokenTable {
  private static final String REQUEST_ID = "request_id";
  private static final String INDEX = "token_index";
  private static final String TIME = "token_time_ns";

  private final List<RequestTiming> timings;
  private final long[][] nanos;
  private final int[] seen;

  private TokenTable(List<RequestTiming> timings) {
    this.timings = timings;
    nanos = new long[timings.size()][];
    seen = new int[timings.size()];
    for (RequestTiming timing : timings) {
      nanos[timing.requestId()] = new long[timing.producedTokens()];
    }
  }

  /** Token times of the requests, cut to the tokens that each really produced. */
  static TokenTimes read(Path file, List<RequestTiming> timings) {
    TokenTable table = new TokenTable(timings);
    new CsvTable(file, REQUEST_ID, INDEX, TIME).forEach(table::add);
    for (RequestTiming timing : timings) {
      int tokens = table.seen[timing.requestId()];
      if (tokens < timing.producedTokens()) {
        throw new BadInputException(
            "%s: request %d has %d tokens, but num_decode_tokens_actual is %d. Maybe the file was cut off."
                .formatted(file, timing.requestId(), tokens, timing.producedTokens()));
      }
    }
    return TokenTimes.of(table.nanos);
  }

  private void add(CsvRow row) {
    int id = row.integer(REQUEST_ID, 0);
    if (id >= timings.size()) {
      throw row.bad(
          REQUEST_ID,
          "is not in request_metrics.csv, which ends with %d".formatted(timings.size() - 1));
    }
    int index = row.integer(INDEX, 0);
    if (index != seen[id]) {
      throw row.bad(INDEX, "must be %d, the next of request %d".formatted(seen[id], id));
    }
    long time = row.nanos(TIME);
    long[] times = nanos[id];
    if (index < times.length) {
      if (index > 0 && time < times[index - 1]) {
        throw row.bad(TIME, "is before the token above (%d)".formatted(times[index - 1]));
      }
      times[index] = time;
    }
    seen[id]++;
  }

  static void write(Path file, TokenTimes tokens) throws IOException {
    try (CsvWriter csv = Csv.writer(file)) {
      csv.writeRecord(REQUEST_ID, INDEX, TIME, "token_latency_ns");
      for (int r = 0; r < tokens.requests(); r++) {
        for (int k = 0; k < tokens.tokens(r); k++) {
          long time = tokens.nanos(r, k);
          // The contract gives the first token no latency of its own: that is the TTFT.
          long latency = k == 0 ? 0 : time - tokens.nanos(r, k - 1);
          csv.writeRecord(Csv.text(r), Csv.text(k), Csv.text(time), Csv.text(latency));
        }
      }
    }
  }
}
