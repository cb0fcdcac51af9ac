package io.plumbline.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.simulator.capacity.LatencyMetric;
import io.plumbline.simulator.capacity.Slo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloFileTest {

  private static List<SloFile.Named> read(String text) {
    Problems problems = new Problems();
    List<SloFile.Named> slos = SloFile.read(ConfNode.parse("s.yaml", text), problems);
    problems.throwIfAny("s.yaml");
    return slos;
  }

  @Test
  void theSchedulingDelayIsLimitedUnlessTheFileSaysOtherwise() {
    assertThat(read("{}"))
        .containsExactly(
            new SloFile.Named(
                new Slo(List.of(new Slo.LatencyLimit(LatencyMetric.SCHEDULING_DELAY, 99, 5))),
                "{\"scheduling_delay_p99_seconds\":5}"));
    assertThat(read("{ttft_p90_seconds: 2}").get(0).json())
        .isEqualTo("{\"scheduling_delay_p99_seconds\":5,\"ttft_p90_seconds\":2}");
    assertThat(read("{scheduling_delay_p50_seconds: 1}").get(0).json())
        .isEqualTo("{\"scheduling_delay_p50_seconds\":1}");
    assertThat(read("{scheduling_delay_p99_seconds: null, tbt_p99.9_seconds: 0.2}"))
        .containsExactly(
            new SloFile.Named(
                new Slo(List.of(new Slo.LatencyLimit(LatencyMetric.TBT, 99.9, 0.2))),
                "{\"tbt_p99.9_seconds\":0.2}"));
  }

  @Test
  void aListMakesSeveralObjectives() {
    assertThat(
            read(
                "{scheduling_delay_p99_seconds: null, ttft_p90_seconds: [1, 2],"
                    + " goodput: {percent: [95, 99], tpot_seconds: 0.1}}"))
        .extracting(SloFile.Named::json)
        .containsExactly(
            "{\"goodput\":{\"percent\":95,\"tpot_seconds\":0.1},\"ttft_p90_seconds\":1}",
            "{\"goodput\":{\"percent\":99,\"tpot_seconds\":0.1},\"ttft_p90_seconds\":1}",
            "{\"goodput\":{\"percent\":95,\"tpot_seconds\":0.1},\"ttft_p90_seconds\":2}",
            "{\"goodput\":{\"percent\":99,\"tpot_seconds\":0.1},\"ttft_p90_seconds\":2}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ttft_p90: 2} | ttft_p90: unknown condition. It is METRIC_pNN_seconds with METRIC one of scheduling_delay, ttft, tbt, tpot, e2e, such as ttft_p90_seconds, or goodput.",
        "{ttft_p101_seconds: 2} | percentile (101.0) must be above 0 and at most 100",
        "{ttft_p0_seconds: 2} | percentile (0.0) must be above 0 and at most 100",
        "{ttft_p90_seconds: -1} | seconds (-1.0) must be positive",
        "{ttft_p90_seconds: soon} | expected a number, found soon",
        "{goodput: {percent: 99}} | goodput needs a limit. Maybe state ttft_seconds or tpot_seconds.",
        "{goodput: {percent: 0, ttft_seconds: 1}} | percent (0.0) must be above 0 and at most 100",
        "{scheduling_delay_p99_seconds: null} | states no condition. Maybe ttft_p90_seconds: 2",
        "[1] | must be a mapping such as {ttft_p90_seconds: 2}"
      })
  void whatIsNoConditionIsRefused(String text, String message) {
    assertThatThrownBy(() -> read(text)).hasMessageContaining(message);
  }
}
