package io.plumbline.trace.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTraceTest {
  private static final Workload TWO =
      new Workload(List.of(new Request(0, 0, 10, 2), new Request(1, 5, 20, 3)));

  private static RequestTiming unfinished(int id, long arrivalNanos, int prompt, int output) {
    return new RequestTiming(
        id, null, arrivalNanos, null, null, null, prompt, output, 0, 0, RequestOutcome.UNFINISHED);
  }

  private static RunTrace trace(RequestTiming... requests) {
    return new RunTrace(List.of(requests), List.of(), null);
  }

  @Test
  void aRunThatHasEveryRequestAccountsForItsWorkload() {
    RunTrace trace = trace(unfinished(0, 0, 10, 2), unfinished(1, 5, 20, 3));
    assertThat(trace.requireAccountsFor(TWO)).isSameAs(trace);
  }

  @Test
  void aMissingRequestIsNoticed() {
    assertThatThrownBy(() -> trace(unfinished(0, 0, 10, 2)).requireAccountsFor(TWO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the run has 1 requests, its workload 2");
  }

  @Test
  void aRequestWithAnotherArrivalOrLengthIsNoticed() {
    for (RequestTiming wrong :
        List.of(unfinished(1, 6, 20, 3), unfinished(1, 5, 21, 3), unfinished(1, 5, 20, 4))) {
      assertThatThrownBy(() -> trace(unfinished(0, 0, 10, 2), wrong).requireAccountsFor(TWO))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Request (1) of the run is not the one of the workload: "
                  + wrong
                  + ", "
                  + TWO.request(1));
    }
  }

  @Test
  void requestsStandAtTheirId() {
    assertThatThrownBy(() -> trace(unfinished(1, 5, 20, 3), unfinished(0, 0, 10, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (1) stands at position 0 of the run trace");
  }

  @Test
  void tokenTimesBelongToAllRequests() {
    assertThatThrownBy(
            () ->
                new RunTrace(
                    List.of(unfinished(0, 0, 10, 2)),
                    List.of(),
                    TokenTimes.of(new long[][] {{1}, {2}})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token times of 2 requests for 1 requests");
  }

  @Test
  void outcomesAreCounted() {
    RequestTiming completed =
        new RequestTiming(1, 0, 5, 6L, 7L, 8L, 20, 3, 3, 0, RequestOutcome.COMPLETED);
    RunTrace trace = trace(unfinished(0, 0, 10, 2), completed);
    assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(1);
    assertThat(trace.count(RequestOutcome.UNFINISHED)).isEqualTo(1);
    assertThat(trace.count(RequestOutcome.REJECTED)).isZero();
  }

  @Test
  void listsAreCopied() {
    List<RequestTiming> mutable = new ArrayList<>(List.of(unfinished(0, 0, 10, 2)));
    RunTrace trace = new RunTrace(mutable, List.of(), null);
    mutable.clear();
    assertThat(trace.requests()).hasSize(1);
  }

  @Test
  void softwareOfAManifestIsInOneOrderWhateverTheInput() {
    Map<String, String> software = new LinkedHashMap<>();
    software.put("os", "linux");
    software.put("jvm", "17");
    RunManifest manifest =
        new RunManifest(
            "r", Origin.SIMULATED, "e", "w", "{}", 1L, "v", "d", "m", software, null, null, null);
    software.clear();
    assertThat(manifest.software()).hasToString("{jvm=17, os=linux}");
  }
}
