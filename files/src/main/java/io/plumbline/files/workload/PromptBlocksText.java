package io.plumbline.files.workload;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.trace.workload.PromptBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

/** Prompt blocks in one field: tokens per block, then one hash in hex per block, with spaces. */
final class PromptBlocksText {
  private static final int HEX = 16;

  private PromptBlocksText() {}

  static String format(PromptBlocks blocks) {
    if (blocks == null) {
      return "";
    }
    StringBuilder text = new StringBuilder().append(blocks.blockTokens());
    for (int b = 0; b < blocks.blocks(); b++) {
      text.append(' ').append(Long.toHexString(blocks.hash(b)));
    }
    return text.toString();
  }

  static PromptBlocks parse(CsvRow row, String column) {
    String text = row.text(column);
    if (text == null) {
      return null;
    }
    List<Long> hashes = new ArrayList<>();
    try (Scanner scanner = new Scanner(text)) {
      int blockTokens = Integer.parseInt(scanner.next());
      while (scanner.hasNext()) {
        hashes.add(Long.parseUnsignedLong(scanner.next(), HEX));
      }
      return new PromptBlocks(blockTokens, hashes.stream().mapToLong(Long::longValue).toArray());
    } catch (IllegalArgumentException e) {
      throw row.bad(column, "must be the tokens per block and one hex hash per block");
    }
  }
}
