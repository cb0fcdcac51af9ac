package io.plumbline.reference.openai;

import io.plumbline.files.BadInputException;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.workload.Request;
import java.time.Duration;
import java.util.List;

/** One short request like those of the run, before it: what fails here would fail every time. */
final class Probe {
  private static final Request SHORT = new Request(0, 0, 32, 2);
  private static final Patience PATIENCE = new Patience(Duration.ofSeconds(60), 0, Duration.ZERO);

  private Probe() {}

  /**
   * Sends it.
   *
   * @throws BadInputException if no token comes
   */
  static void send(Endpoint endpoint, RequestForm form, Prompts prompts, long salt)
      throws InterruptedException {
    try (BodyQueue bodies = new BodyQueue(List.of(SHORT), r -> form.stream(r, prompts, salt));
        OpenLoop loop =
            new OpenLoop(
                endpoint, form.api().path(), PATIENCE, Stopwatch.start(), new RunCounts())) {
      OpenLoop.Served served = loop.run(List.of(SHORT), bodies).get(0);
      // Another number of tokens is for the run to find out, not a refusal.
      if (served.tokenNanos().length == 0) {
        throw refused(endpoint, form, served.attempts().get(0).error());
      }
    }
  }

  static BadInputException refused(Endpoint endpoint, RequestForm form, String error) {
    return new BadInputException(
        "%s%s does not serve a probe with model %s: %s. Maybe it wants another api, prompts: text, ignore_eos: false or continuous_usage: false."
            .formatted(endpoint.base(), form.api().path(), form.model(), error));
  }
}
