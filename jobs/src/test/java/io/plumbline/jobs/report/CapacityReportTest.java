package io.plumbline.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.report.CapacitySearches.Question;
import io.plumbline.jobs.table.ParetoRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityReportTest {
  private static final ReportData NOTHING = new ReportData(List.of(), List.of(), 0);

  private static ParetoRow row(
      int position, String device, String slo, double rate, double ttftNs, int onFront, int rank) {
    return new ParetoRow(
        "s",
        position,
        "c" + position,
        "{\"device\":\"" + device + "\",\"replicas\":2}",
        "m",
        "{}",
        slo,
        device,
        "sarathi",
        2,
        "found",
        null,
        rate,
        rate - 1,
        rate + 1,
        0.85 * rate,
        2.0,
        400.0,
        rate / 2,
        rate * 900,
        rate / 800,
        0.25,
        ttftNs,
        2e7,
        onFront,
        onFront,
        rank,
        1,
        "dollar",
        null);
  }

  private static final Question QUESTION =
      new Question(
          "s",
          "m",
          "{\"kind\":\"<trace>\"}",
          List.of(
              row(0, "a100", "{\"ttft_p90_seconds\":1}", 4, 9e8, 1, 1),
              row(1, "a100", "{\"ttft_p90_seconds\":2}", 5, 19e8, 1, 1),
              row(2, "h100", "{\"ttft_p90_seconds\":1}", 3, 8e8, 0, 2)));

  @Test
  void thePageHasPlotsOfLimitFrontsAndCost_andATable() {
    String html = HtmlReport.of(NOTHING, List.of(QUESTION));

    assertThat(html)
        .contains("<h2>Capacity</h2>", "Capacity against the objective", "Pareto front by TTFT")
        .contains("Pareto front by TBT", "<figcaption>Cost", "<p class=\"soft\">3 capacities</p>")
        .contains("&lt;trace&gt;")
        // The best of a100 under 1 s and 2 s: 4 and 5 requests per second.
        .contains("[1.0,4.0,", "[2.0,5.0,")
        // 9e8 ns and 4 * 900 requests per dollar, on the front.
        .contains("front, ttft_p90_seconds=1", "[900.0,3600.0,")
        // Two devices at 2 dollars an hour; 0.25 dollars per million tokens.
        .contains("[4.0,0.25,")
        .contains("3.000 to 5.000", "3.400", "device=a100 replicas=2");
  }

  @Test
  void markdownHasTheSameNumbers() {
    assertThat(MarkdownReport.of(NOTHING, List.of(QUESTION)))
        .contains("## Capacity", "### s: m", "3 found, 0 without capacity, 0 skipped, 0 broken")
        .contains(
            "| 1 (1 of its device) | a100 | device=a100 replicas=2 | ttft_p90_seconds=1 | 2 | 4.000 | 3.000 to 5.000 | 3.400 | 2.000 | 3600.0 | 0.00500 | 0.250 | 900.0 | 20.0 | TTFT, TBT |");
  }

  @Test
  void withoutSearchesThereIsNoSection() {
    assertThat(HtmlReport.of(NOTHING, List.of())).doesNotContain("Capacity");
    assertThat(MarkdownReport.of(NOTHING, List.of())).doesNotContain("Capacity");
  }
}
