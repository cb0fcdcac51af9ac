package io.plumbline.simulator.engine;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One event out and one in, of a queue that holds so many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventQueueBenchmark {
  @Param({"2", "64", "4096"})
  private int held;

  private final EventQueue<String> queue = new EventQueue<>();
  private int turn;

  @Setup
  public void fill() {
    for (int i = 0; i < held; i++) {
      queue.schedule(i % 7, "event");
    }
  }

  @Benchmark
  public String pollAndSchedule() {
    String event = queue.poll();
    queue.schedule(queue.nowSeconds() + (turn++ & 7), event);
    return event;
  }
}
