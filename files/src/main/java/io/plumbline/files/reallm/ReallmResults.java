package io.plumbline.files.reallm;

import io.plumbline.files.BadInputException;
import io.plumbline.files.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What ReaLLM writes of its requests ({@code sim_results.csv}): a row has as many fields as its
 * request has tokens, which is why it is no table.
 *
 * @param requests in the order of the file
 */
public record ReallmResults(List<Finished> requests) {
  private static final String HEADER = "request_id,arrival_time,finish_time";

  /**
   * A request and its tokens.
   *
   * @param line in the file, from 1
   * @param tokenSeconds when each token was made, as far as the run went
   * @param complete whether it got all of them
   */
  public record Finished(int line, int id, double[] tokenSeconds, boolean complete) {}

  /**
   * Reads a file.
   *
   * @param requests of the trace that was run
   * @throws BadInputException naming file, line and value
   */
  public static ReallmResults read(Path file, int requests) {
    List<Finished> finished = new ArrayList<>();
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      if (!HEADER.equals(header)) {
        throw new BadInputException(
            "%s:1: the header (%s) must be %s".formatted(file, header, HEADER));
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Finished one = finished(file, finished.size() + 2, line);
        if (one.id() < 0 || one.id() >= requests) {
          throw new BadInputException(
              "%s:%d: request_id (%d) is not in the trace of %d requests"
                  .formatted(file, one.line(), one.id(), requests));
        }
        finished.add(one);
      }
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
    return new ReallmResults(List.copyOf(finished));
  }

  private static Finished finished(Path file, int line, String text) {
    // A row ends with a comma, after which nothing comes.
    String[] fields =
        (text.endsWith(",") ? text.substring(0, text.length() - 1) : text).split(",", -1);
    try {
      int tokens = 0;
      while (2 + tokens < fields.length && !fields[2 + tokens].equals("None")) {
        tokens++;
      }
      double[] seconds = new double[tokens];
      for (int token = 0; token < tokens; token++) {
        seconds[token] = Double.parseDouble(fields[2 + token]);
      }
      return new Finished(
          line, Integer.parseInt(fields[0]), seconds, 2 + tokens == fields.length && tokens > 0);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "%s:%d: a field is no number. Maybe the file was cut off.".formatted(file, line), e);
    }
  }
}
