package io.plumbline.trace.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.workload.ArrivalProcess.AllAtZero;
import io.plumbline.trace.workload.ArrivalProcess.FixedInterval;
import io.plumbline.trace.workload.ArrivalProcess.Poisson;
import io.plumbline.trace.workload.TokenLengths.Fixed;
import io.plumbline.trace.workload.TokenLengths.Pair;
import io.plumbline.trace.workload.TokenLengths.Uniform;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadSpecTest {
  private static final Uniform LENGTHS = new Uniform(1, 1000, 1, 500);

  private static Workload draw(ArrivalProcess arrivals, TokenLengths lengths, long seed) {
    return new WorkloadSpec(arrivals, lengths, 200, seed).generate();
  }

  private static List<Pair> lengths(Workload workload) {
    return workload.requests().stream()
        .map(r -> new Pair(r.promptTokens(), r.outputTokens()))
        .toList();
  }

  private static List<Long> arrivals(Workload workload) {
    return workload.requests().stream().map(Request::arrivalNanos).toList();
  }

  @Test
  void theSameSpecDrawsTheSameWorkload() {
    Workload first = draw(new Poisson(3), LENGTHS, 42);
    assertThat(draw(new Poisson(3), LENGTHS, 42)).isEqualTo(first);
    assertThat(first.size()).isEqualTo(200);
  }

  @Test
  void anotherSeedDrawsOtherArrivalsAndOtherLengths() {
    Workload first = draw(new Poisson(3), LENGTHS, 42);
    Workload other = draw(new Poisson(3), LENGTHS, 43);
    assertThat(arrivals(other)).isNotEqualTo(arrivals(first));
    assertThat(lengths(other)).isNotEqualTo(lengths(first));
  }

  @Test
  void changingTheArrivalProcessLeavesTheLengthsAsTheyAre() {
    List<Pair> poisson = lengths(draw(new Poisson(3), LENGTHS, 42));
    assertThat(lengths(draw(new AllAtZero(), LENGTHS, 42))).isEqualTo(poisson);
    assertThat(lengths(draw(new FixedInterval(0.5), LENGTHS, 42))).isEqualTo(poisson);
  }

  @Test
  void changingTheLengthsLeavesTheArrivalsAsTheyAre() {
    List<Long> uniform = arrivals(draw(new Poisson(3), LENGTHS, 42));
    assertThat(arrivals(draw(new Poisson(3), new Fixed(8, 8), 42))).isEqualTo(uniform);
  }

  @Test
  void aPrefixOfALongerWorkloadIsTheShorterOne() {
    Workload longer = new WorkloadSpec(new Poisson(3), LENGTHS, 200, 1).generate();
    Workload shorter = new WorkloadSpec(new Poisson(3), LENGTHS, 50, 1).generate();
    assertThat(longer.requests().subList(0, 50)).isEqualTo(shorter.requests());
  }

  @Test
  void noRequestsAreRefused() {
    assertThatThrownBy(() -> new WorkloadSpec(new AllAtZero(), LENGTHS, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("requests (0) must be positive");
  }
}
