package io.plumbline.jobs.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.fidelity.CommonLeague.Group;
import io.plumbline.jobs.fidelity.CommonLeague.Standing;
import io.plumbline.jobs.fidelity.SeriesScore.StatisticScore;
import io.plumbline.jobs.table.FidelityCellRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommonLeagueTest {
  private static final ScoringRules RULES = new ScoringRules(1, 2000, 95, 5, 9);

  private final List<FidelityCellRow> cells = new ArrayList<>();

  /** A cell whose prediction is off by so many percent. */
  private void cell(
      String caseName, String simulator, String metric, String statistic, double off) {
    CellRows rows = new CellRows(Thresholds.DEFAULT, model -> null);
    CellRows.About about =
        new CellRows.About(
            caseName, simulator, null, null, "request", "r", "s", metric, "ns", 1L, 0, 1);
    cells.add(rows.cell(about, new StatisticScore(statistic, 100, 100 + off, null, null, null)));
  }

  @Test
  void onlyWhatAllOfAGroupPredictCounts() {
    cell("a", "x", "ttft", "p50", 10);
    cell("a", "y", "ttft", "p50", -20);
    cell("a", "x", "ttft", "mean", 90);
    cell("b", "x", "ttft", "p50", -30);
    cell("b", "y", "ttft", "p50", 4);
    // Easy cases of x alone, and a metric that y does not know.
    cell("c", "x", "ttft", "p50", 0);
    cell("a", "x", "tbt", "p50", 0);
    // Another group.
    cell("d", "x", "ttft", "p50", 1);
    cell("d", "z", "ttft", "p50", 2);

    List<Group> groups = CommonLeague.groups(cells);
    assertThat(groups)
        .extracting(group -> group.simulators() + " " + group.cells().size())
        .containsExactly("[x, y] 4", "[x, z] 2");
    Standing x = CommonLeague.standing(groups.get(0), "x", "ttft", RULES);
    assertThat(x).isEqualTo(new Standing(2, 20, null, 1, 2));
    Standing y = CommonLeague.standing(groups.get(0), "y", "ttft", RULES);
    assertThat(y).isEqualTo(new Standing(2, 12, null, 1, 2));
    assertThat(CommonLeague.standing(groups.get(0), "x", "tbt", RULES)).isNull();
  }

  /** Of five cases off by 1 to 5 %, a draw's median is at most 1 with 5 draws of which 3 are it. */
  @Test
  void theIntervalIsOverDrawsOfCases() {
    for (int number = 1; number <= 5; number++) {
      cell("case" + number, "x", "e2e", "p50", number);
      cell("case" + number, "x", "e2e", "p99", number);
      cell("case" + number, "y", "e2e", "p50", 9);
      cell("case" + number, "y", "e2e", "p99", 9);
    }
    Group group = CommonLeague.groups(cells).get(0);
    Standing x = CommonLeague.standing(group, "x", "e2e", RULES);
    assertThat(x.median()).isEqualTo(3);
    assertThat(x.closest()).isEqualTo(10);
    // P(median <= 1) = P(Binomial(5, 0.2) >= 3) = 5.8 %, which is more than a tail of 2.5 %.
    assertThat(x.interval().low()).isEqualTo(1);
    assertThat(x.interval().high()).isEqualTo(5);
    Interval eighty =
        CommonLeague.standing(group, "x", "e2e", new ScoringRules(1, 2000, 80, 5, 9)).interval();
    // P(median <= 2) = P(Binomial(5, 0.4) >= 3) = 31.7 %, so 10 % are in the case of 2 %.
    assertThat(eighty.low()).isEqualTo(2, within(1e-9));
    assertThat(eighty.high()).isEqualTo(4, within(1e-9));
  }

  @Test
  void aHeatMapSaysNumberAndVerdictInWords() {
    cell("a", "x & co", "ttft", "p50", 10);
    cell("a", "y", "ttft", "p50", -2);
    String html = HeatMap.of(cells, FidelityTables.METRICS, Thresholds.DEFAULT);
    assertThat(html)
        .contains("Group 1: a<", "x &amp; co", "class=\"FAIL\" title=\"1 case\">10 %<br>")
        .contains("class=\"PASS\" title=\"1 case\">2.0 %<br><small>pass</small>");
    assertThat(HeatMap.of(List.of(cells.get(0)), FidelityTables.METRICS, Thresholds.DEFAULT))
        .isEmpty();
  }
}
