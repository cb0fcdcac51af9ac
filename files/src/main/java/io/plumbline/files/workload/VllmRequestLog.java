package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.files.JsonLines;
import io.plumbline.files.csv.CsvTable;
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
 * The workload in a request log of vLLM as LLMServingSim's bench writes it: a request arrives when
 * it is in the engine's queue, counted from the first one.
 *
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, bench</a>
 */
final class VllmRequestLog {
  private static final String BLOCKS = "input_block16_hash_ids";
  private static final int BLOCK_TOKENS = 16;

  private VllmRequestLog() {}

  private record Entry(BigDecimal queuedSeconds, int promptTokens, int outputTokens, int row) {}

  static Workload read(Path folder, Path promptBlocks) {
    List<Entry> entries = new ArrayList<>();
    JsonLines.forEach(
        folder.resolve("requests.jsonl"),
        line ->
            entries.add(
                new Entry(
                    line.requiredDecimal("queued_ts"),
                    line.requiredInteger("input_toks", 1),
                    line.requiredInteger("output_toks", 1),
                    entries.size())));
    List<PromptBlocks> blocks = promptBlocks == null ? null : blocks(promptBlocks);
    if (blocks != null && blocks.size() != entries.size()) {
      throw new BadInputException(
          "%s has %d rows, but %s has %d requests"
              .formatted(promptBlocks, blocks.size(), folder, entries.size()));
    }
    entries.sort(Comparator.comparing(Entry::queuedSeconds));
    List<Request> requests = new ArrayList<>();
    for (Entry entry : entries) {
      long nanos =
          entry
              .queuedSeconds()
              .subtract(entries.get(0).queuedSeconds())
              .movePointRight(9)
              .setScale(0, RoundingMode.HALF_EVEN)
              .longValueExact();
      requests.add(
          new Request(
              requests.size(),
              nanos,
              entry.promptTokens(),
              entry.outputTokens(),
              blocks == null ? null : blocks.get(entry.row()),
              null,
              null));
    }
    return new Workload(requests);
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
