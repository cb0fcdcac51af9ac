package io.plumbline.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.ParetoRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {

  private static ParetoRow row(
      int position, String model, String device, Double perDollar, Double ttft, Double tbt) {
    return new ParetoRow(
        "s",
        position,
        "c" + position,
        "{}",
        model,
        "{}",
        "{}",
        device,
        "sarathi",
        1,
        "found",
        null,
        1.0,
        null,
        null,
        0.85,
        1.0,
        400.0,
        1.0,
        perDollar,
        0.0025,
        1.0,
        ttft,
        tbt,
        null,
        null,
        null,
        null,
        "dollar",
        null);
  }

  /**
   * Requests per dollar and TTFT of five rows: 0 (10, 1), 1 (20, 2), 2 (15, 3), 3 (20, 2), 4 (5,
   * 1). Row 1 has more than 2 and is quicker; 0 has more than 4 as quickly; 1 and 3 are equal, so
   * neither dominates. By TBT, row 4 with 1 is the quickest and row 1 with 5 has the most.
   */
  @Test
  void ranksAndFrontsAreThoseWorkedOutByHand() {
    List<ParetoRow> ranked =
        new Ranking(RankBy.DOLLAR)
            .ranked(
                List.of(
                    row(0, "m", "a100", 10.0, 1.0, 9.0),
                    row(1, "m", "h100", 20.0, 2.0, 5.0),
                    row(2, "m", "a100", 15.0, 3.0, 6.0),
                    row(3, "m", "h100", 20.0, 2.0, null),
                    row(4, "m", "a100", 5.0, 1.0, 1.0)));

    assertThat(ranked).extracting(ParetoRow::rank).containsExactly(4, 1, 3, 2, 5);
    assertThat(ranked).extracting(ParetoRow::rankOnDevice).containsExactly(2, 1, 1, 2, 3);
    assertThat(ranked).extracting(ParetoRow::onTtftFront).containsExactly(1, 1, 0, 1, 0);
    assertThat(ranked).extracting(ParetoRow::onTbtFront).containsExactly(0, 1, 0, null, 1);
  }

  @Test
  void otherModelsAreNoRivals_andWhatHasNoPriceIsNotRanked() {
    List<ParetoRow> ranked =
        new Ranking(RankBy.DOLLAR)
            .ranked(
                List.of(
                    row(0, "small", "a100", 10.0, 1.0, 1.0),
                    row(1, "large", "a100", 1.0, 9.0, 9.0),
                    row(2, "small", "h200", null, 0.1, 0.1)));

    assertThat(ranked).extracting(ParetoRow::rank).containsExactly(1, 1, null);
    assertThat(ranked).extracting(ParetoRow::onTtftFront).containsExactly(1, 1, null);
    assertThat(new Ranking(RankBy.WATT).ranked(ranked.subList(2, 3)))
        .extracting(ParetoRow::rank)
        .containsExactly(1);
  }
}
