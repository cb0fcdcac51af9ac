package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.files.JsonLines;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request log of vLLM as LLMServingSim's bench writes it: what was asked, and when it was served
 * by the engine's clock. A request arrives when it is in the engine's queue, counted from the first
 * one.
 *
 * @param workload the requests by arrival
 * @param timings what became of them, in the same order
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, bench</a>
 */
public record VllmRequestLog(Workload workload, List<RequestTiming> timings) {
  private static final String BLOCKS = "input_block16_hash_ids";
  private static final int BLOCK_TOKENS = 16;

  private record Entry(
      BigDecimal queued,
      BigDecimal scheduled,
      BigDecimal firstToken,
      BigDecimal lastToken,
      int promptTokens,
      int outputTokens,
      int row) {}

  /**
   * Reads a log.
   *
   * @param folder with {@code requests.jsonl}
   * @param promptBlocks a CSV with what the prompts have in common, row by row as in the log; null
   *     if they have nothing
   */
  public static VllmRequestLog read(Path folder, Path promptBlocks) {
    List<Entry> entries = new ArrayList<>();
    JsonLines.forEach(
        folder.resolve("requests.jsonl"),
        line ->
            entries.add(
                new Entry(
                    line.requiredDecimal("queued_ts"),
                    line.requiredDecimal("scheduled_ts"),
                    line.requiredDecimal("first_token_ts"),
                    line.requiredDecimal("last_token_ts"),
                    line.requiredInteger("input_toks", 1),
                    line.requiredInteger("output_toks", 1),
                    entries.size())));
    List<PromptBlocks> blocks = promptBlocks == null ? null : blocks(promptBlocks);
    if (blocks != null && blocks.size() != entries.size()) {
      throw new BadInputException(
          "%s has %d rows, but %s has %d requests"
              .formatted(promptBlocks, blocks.size(), folder, entries.size()));
    }
    entries.sort(Comparator.comparing(Entry::queued));
    BigDecimal zero = entries.get(0).queued();
    List<Request> requests = new ArrayList<>();
    List<RequestTiming> timings = new ArrayList<>();
    for (Entry entry : entries) {
      int id = requests.size();
      long arrival = nanos(entry.queued(), zero);
      requests.add(
          new Request(
              id,
              arrival,
              entry.promptTokens(),
              entry.outputTokens(),
              blocks == null ? null : blocks.get(entry.row()),
              null,
              null));
      timings.add(
          new RequestTiming(
              id,
              null,
              arrival,
              nanos(entry.scheduled(), zero),
              nanos(entry.firstToken(), zero),
              nanos(entry.lastToken(), zero),
              entry.promptTokens(),
              entry.outputTokens(),
              entry.outputTokens(),
              0,
              RequestOutcome.COMPLETED));
    }
    return new VllmRequestLog(new Workload(requests), List.copyOf(timings));
  }

  private static long nanos(BigDecimal seconds, BigDecimal zero) {
    return seconds
        .subtract(zero)
        .movePointRight(9)
        .setScale(0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  private static List<PromptBlocks> blocks(Path file) {
    List<PromptBlocks> blocks = new ArrayList<>();
    new CsvTable(file, BLOCKS)
        .forEach(
            row -> {
              String text = row.text(BLOCKS);
              String[] ids = text == null ? new String[0] : text.strip().split(" +");
              try {
                blocks.add(
                    new PromptBlocks(
                        BLOCK_TOKENS, Stream.of(ids).mapToLong(Long::parseLong).toArray()));
              } catch (NumberFormatException e) {
                throw row.bad(BLOCKS, "must be numbers with spaces between them");
              }
            });
    return blocks;
  }
}
