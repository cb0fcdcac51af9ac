package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Moving a batch of decodes on gives what writing it anew gives, to the last bit. */
@Timeout(120)
class DecodeRunTest {

  static LongStream seeds() {
    return LongStream.range(0, 1500);
  }

  /** Writes down all that happens, and now and then what a request says of itself. */
  private static final class Diary implements Recorder {
    private final List<String> lines = new ArrayList<>();
    private int moved;
    private int preempted;
    private int ended;
    private int lastSize;
    private long lastContext;

    @Override
    public void requestArrives(int request, double atSeconds) {
      lines.add("arrives " + request + " " + atSeconds);
    }

    @Override
    public void replicaScheduled(int replica, int batches, int kvBlocksUsed, double atSeconds) {
      lines.add("scheduled " + replica + " " + batches + " " + kvBlocksUsed + " " + atSeconds);
    }

    @Override
    public void requestPreempted(int replica, int request, double atSeconds) {
      lines.add("preempted " + replica + " " + request + " " + atSeconds);
      preempted++;
    }

    @Override
    public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
      Batch batch = iteration.batch();
      StringBuilder line = new StringBuilder("batch ").append(iteration.number());
      for (int i = 0; i < batch.size(); i++) {
        line.append(' ').append(batch.request(i).id());
        line.append(batch.isPrefill(i) ? 'p' : 'd').append(batch.tokens(i));
        line.append('@').append(batch.contextTokens(i));
      }
      line.append(' ').append(batch.decodeContextTokens()).append(' ').append(batch.totalTokens());
      line.append(' ').append(batch.graph()).append(batch.paddedTokens());
      lines.add(line.append(' ').append(kvBlocksUsed).toString());
      boolean movedOn = batch.decodeContextTokens() == lastContext + lastSize;
      moved += batch.prefills() == 0 && batch.size() == lastSize && movedOn ? 1 : 0;
      lastSize = batch.size();
      lastContext = batch.decodeContextTokens();
    }

    @Override
    public void stageStarts(
        IterationInFlight iteration,
        int stage,
        double startSeconds,
        double modelSeconds,
        double hostSeconds,
        int kvBlocksUsed) {
      lines.add("starts " + iteration.number() + " " + stage + " " + startSeconds);
      lines.add(modelSeconds + " " + hostSeconds + " " + kvBlocksUsed);
      lines.add("pause " + iteration.batch().pauseSeconds());
    }

    @Override
    public void stageEnds(
        IterationInFlight iteration, int stage, double startSeconds, double endSeconds) {
      lines.add("ends " + iteration.number() + " " + stage + " " + endSeconds);
      if (iteration.number() % 7 == 0) {
        lines.add(state(iteration.batch().request(0)));
      }
    }

    @Override
    public void token(int request, double atSeconds) {
      lines.add("token " + request + " " + atSeconds);
    }

    @Override
    public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
      Batch batch = iteration.batch();
      lines.add("ended " + iteration.number() + " " + kvBlocksUsed + " " + atSeconds);
      lines.add(state(batch.request(batch.size() - 1)));
      for (int i = 0; i < batch.size(); i++) {
        ended += batch.request(i).completed() ? 1 : 0;
      }
    }

    private static String state(RequestProgress request) {
      return request.id()
          + " "
          + request.promptTokens()
          + " "
          + request.processedTokens()
          + " "
          + request.producedTokens()
          + " "
          + request.preemptions()
          + " "
          + request.completed()
          + " "
          + request.firstTokenSeconds()
          + " "
          + request.endSeconds()
          + " "
          + request.executionSeconds()
          + " "
          + request.modelExecutionSeconds()
          + " "
          + request.preemptedSeconds();
    }

    private Diary of(Cluster cluster) {
      for (int r = 0; r < cluster.requests(); r++) {
        lines.add(state(cluster.request(r)) + " " + cluster.replicaOf(r));
      }
      return this;
    }
  }

  private static Diary movingOn(RandomRun run) {
    Diary diary = new Diary();
    Cluster cluster = run.cluster(diary);
    cluster.run(run.limitSeconds);
    return diary.of(cluster);
  }

  private static Diary writingEveryBatch(RandomRun run) {
    Diary diary = new Diary();
    Cluster cluster = run.cluster(diary).writingEveryBatch();
    cluster.run(run.limitSeconds);
    return diary.of(cluster);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void movedBatchesAreWhatWrittenOnesAre(long seed) {
    List<String> moving = movingOn(new RandomRun(seed)).lines;
    List<String> writing = writingEveryBatch(new RandomRun(seed)).lines;
    for (int i = 0; i < Math.min(moving.size(), writing.size()); i++) {
      assertThat(moving.get(i)).as("line %d of seed %d", i, seed).isEqualTo(writing.get(i));
    }
    assertThat(moving).hasSameSizeAs(writing);
  }

  @Test
  void theSeedsCoverWhatEndsRuns() {
    int moved = 0;
    int preempted = 0;
    int ended = 0;
    for (long seed : seeds().toArray()) {
      Diary diary = movingOn(new RandomRun(seed));
      moved += diary.moved;
      preempted += diary.preempted;
      ended += diary.ended;
    }
    assertThat(moved).isGreaterThan(100_000);
    assertThat(preempted).isGreaterThan(1000);
    assertThat(ended).isGreaterThan(10_000);
  }
}
