package io.plumbline.reference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Finds words that are one token each for a server, and how many tokens it adds to a prompt, from
 * nothing but its counts. A word has at least one token, so a list of <i>n</i> words that adds
 * <i>n</i> tokens has only words of one; a list that adds more is halved until the guilty ones are
 * alone.
 */
final class Calibration {
  private static final int OK = 200;

  /** Fewer words would make prompts alike that are to differ. */
  private static final int FEWEST_WORDS = 32;

  private final ToIntFunction<String> tokensOf;

  /**
   * @param tokensOf how many tokens a prompt has, by the server's count
   */
  Calibration(ToIntFunction<String> tokensOf) {
    this.tokensOf = tokensOf;
  }

  /**
   * Prompts of exact lengths for a server.
   *
   * @throws BadInputException if its counts do not allow them
   */
  static Prompts.Words of(Endpoint endpoint, RequestForm form) {
    return new Calibration(text -> promptTokens(endpoint, form, text)).prompts(candidates());
  }

  private static int promptTokens(Endpoint endpoint, RequestForm form, String text) {
    Endpoint.Answer answer = endpoint.post(form.api().path(), form.probe(text));
    if (answer.status() != OK) {
      throw Probe.refused(
          endpoint,
          form,
          "HTTP %d: %s".formatted(answer.status(), Failures.shortened(answer.text())));
    }
    JsonNode count =
        Json.parseTree("answer of the server", answer.text()).path("usage").path("prompt_tokens");
    if (!count.isInt()) {
      throw new BadInputException(
          "%s does not report usage.prompt_tokens, so prompts of text cannot be made to length. Maybe use prompts: token_ids."
              .formatted(endpoint.base()));
    }
    return count.intValue();
  }

  private static List<String> candidates() {
    try (InputStream words = Calibration.class.getResourceAsStream("words.txt")) {
      String text = new String(words.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().flatMap(line -> List.of(line.split(" ", -1)).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Prompts.Words prompts(List<String> candidates) {
    String first = candidates.get(0);
    List<String> words = new ArrayList<>();
    addSingles(first, tokensOf.applyAsInt(first), candidates, words);
    if (words.size() < FEWEST_WORDS) {
      throw new BadInputException(
          "only %d of %d common words are one token for this server. Maybe use prompts: token_ids."
              .formatted(words.size(), candidates.size()));
    }
    int overheadTokens = tokensOf.applyAsInt(String.join(" ", words)) - words.size();
    return new Prompts.Words(words, overheadTokens);
  }

  private void addSingles(
      String before, int tokensBefore, List<String> some, List<String> singles) {
    int added = tokensOf.applyAsInt(before + " " + String.join(" ", some)) - tokensBefore;
    if (added == some.size()) {
      singles.addAll(some);
    } else if (some.size() > 1) {
      int half = some.size() / 2;
      addSingles(before, tokensBefore, some.subList(0, half), singles);
      addSingles(before, tokensBefore, some.subList(half, some.size()), singles);
    }
  }
}
