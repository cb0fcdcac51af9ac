package io.plumbline.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {

  private record Scheduled(double atSeconds, int number) {}

  private final EventQueue<String> queue = new EventQueue<>();

  private List<String> drain() {
    List<String> order = new ArrayList<>();
    while (!queue.isEmpty()) {
      order.add(queue.poll());
    }
    return order;
  }

  @Test
  void earlierEventsComeFirst() {
    queue.schedule(3, "c");
    queue.schedule(1, "a");
    queue.schedule(2, "b");
    assertThat(drain()).containsExactly("a", "b", "c");
  }

  @Test
  void eventsAtOneTimeComeInTheOrderOfScheduling() {
    queue.schedule(1, "first");
    queue.schedule(0, "before");
    queue.schedule(1, "second");
    queue.schedule(1, "third");
    assertThat(drain()).containsExactly("before", "first", "second", "third");
  }

  @Test
  void theClockIsTheTimeOfTheEventPolledLast() {
    assertThat(queue.nowSeconds()).isZero();
    queue.schedule(1.5, "a");
    assertThat(queue.nowSeconds()).isZero();
    queue.poll();
    assertThat(queue.nowSeconds()).isEqualTo(1.5);
  }

  @Test
  void anEventAtNowComesAfterThoseThatWaitForNow() {
    queue.schedule(1, "a");
    queue.schedule(1, "b");
    queue.poll();
    queue.schedule(1, "new");
    assertThat(drain()).containsExactly("b", "new");
  }

  @Test
  void thePastIsRefused() {
    queue.schedule(2, "a");
    queue.poll();
    assertThatThrownBy(() -> queue.schedule(1.5, "late"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event at 1.5 s is before now, 2.0 s: late");
    assertThatThrownBy(() -> queue.schedule(Double.NaN, "never"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event at NaN s is before now, 2.0 s: never");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void anEmptyQueueHasNoNextEvent() {
    assertThatThrownBy(queue::poll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no event is left");
  }

  @Test
  void itGrowsBeyondItsFirstCapacity() {
    for (int i = 999; i >= 0; i--) {
      queue.schedule(i, "e" + i);
    }
    List<String> order = drain();
    assertThat(order).hasSize(1000).startsWith("e0", "e1").endsWith("e998", "e999");
  }

  /** Law: whatever the mix of scheduling and polling, the order is that of a sorted list. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderIsThatOfASortedListWithManyTies(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    EventQueue<Scheduled> tested = new EventQueue<>();
    List<Scheduled> model = new ArrayList<>();
    int number = 0;
    for (int step = 0; step < 4000; step++) {
      if (model.isEmpty() || random.nextInt(5) < 3) {
        // Four times only, so that most events tie.
        Scheduled event = new Scheduled(tested.nowSeconds() + random.nextInt(4), number++);
        tested.schedule(event.atSeconds(), event);
        model.add(event);
      } else {
        Scheduled first =
            model.stream()
                .min(
                    Comparator.comparingDouble(Scheduled::atSeconds)
                        .thenComparingInt(Scheduled::number))
                .orElseThrow();
        model.remove(first);
        assertThat(tested.poll()).isEqualTo(first);
        assertThat(tested.nowSeconds()).isEqualTo(first.atSeconds());
      }
    }
    assertThat(model).hasSizeGreaterThan(64);
  }
}
