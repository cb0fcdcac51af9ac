package io.plumbline.files.workload;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request may have besides its arrival and lengths: prompt blocks, priority and session, a
 * column each in every file of ours that holds requests. A column is written only if some request
 * has it; a file without it is read as null.
 */
public final class OptionalColumns {
  private static final String PRIORITY = "priority";
  private static final String SESSION = "session";
  private static final String PROMPT_BLOCKS = "prompt_blocks";

  private final boolean priority;
  private final boolean session;
  private final boolean blocks;

  private OptionalColumns(boolean priority, boolean session, boolean blocks) {
    this.priority = priority;
    this.session = session;
    this.blocks = blocks;
  }

  /** The columns that a workload needs. */
  public static OptionalColumns of(Workload workload) {
    List<Request> requests = workload.requests();
    return new OptionalColumns(
        requests.stream().anyMatch(r -> r.priority() != null),
        requests.stream().anyMatch(r -> r.session() != null),
        requests.stream().anyMatch(r -> r.promptBlocks() != null));
  }

  /** The request of a row that has these columns or not. */
  public static Request request(
      CsvRow row, int id, long arrivalNanos, int promptTokens, int outputTokens) {
    try {
      return new Request(
          id,
          arrivalNanos,
          promptTokens,
          outputTokens,
          PromptBlocksText.parse(row, PROMPT_BLOCKS),
          row.integerOrNull(PRIORITY, Integer.MIN_VALUE),
          row.text(SESSION));
    } catch (IllegalArgumentException e) {
      throw row.bad(e.getMessage());
    }
  }

  /** Names of the columns, to stand after the others. */
  public List<String> header() {
    return chosen(PRIORITY, SESSION, PROMPT_BLOCKS);
  }

  /** Their fields of one request. */
  public List<String> fields(Request request) {
    return chosen(
        request.priority() == null ? "" : request.priority().toString(),
        request.session() == null ? "" : request.session(),
        PromptBlocksText.format(request.promptBlocks()));
  }

  private List<String> chosen(String ofPriority, String ofSession, String ofBlocks) {
    List<String> chosen = new ArrayList<>();
    if (priority) {
      chosen.add(ofPriority);
    }
    if (session) {
      chosen.add(ofSession);
    }
    if (blocks) {
      chosen.add(ofBlocks);
    }
    return chosen;
  }
}
