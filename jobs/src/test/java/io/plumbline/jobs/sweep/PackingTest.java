package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.sweep.Packing.Chunk;
import io.plumbline.jobs.table.RunTags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackingTest {
  private static SweepPoint point(int number) {
    return new SweepPoint(
        "r%05d".formatted(number), null, "w", null, null, "{}", RunTags.labelled(null));
  }

  private static List<SweepPoint> points(int count) {
    List<SweepPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(point(i));
    }
    return points;
  }

  private static List<Chunk> pack(double[] seconds, int cores) {
    return Packing.pack(
        points(seconds.length),
        point -> seconds[Integer.parseInt(point.runId().substring(1))],
        cores);
  }

  @Test
  void longPointsComeFirstAndHaveTasksOfTheirOwn() {
    double[] seconds = new double[1002];
    Arrays.fill(seconds, 0.01);
    seconds[500] = 40;
    seconds[501] = 30;
    // 80 s in all for 8 tasks of each of 2 cores: 5 s each.
    List<Chunk> chunks = pack(seconds, 2);
    assertThat(chunks.get(0).points()).extracting(SweepPoint::runId).containsExactly("r00500");
    assertThat(chunks.get(1).points()).extracting(SweepPoint::runId).containsExactly("r00501");
    assertThat(chunks.get(2).points()).hasSizeGreaterThan(100);
    assertThat(chunks).noneMatch(Chunk::careful);
  }

  @Test
  void everyPointIsInOneTaskAndNoneIsLongerThanItsShare() {
    SplittableRandom random = new SplittableRandom(5);
    for (int cores : new int[] {1, 2, 16}) {
      double[] seconds = new double[5000];
      double total = 0;
      for (int i = 0; i < seconds.length; i++) {
        seconds[i] = 0.001 * Math.exp(3 * random.nextDouble());
        total += seconds[i];
      }
      List<Chunk> chunks = pack(seconds, cores);
      List<String> packed = new ArrayList<>();
      double packedSeconds = 0;
      double before = 0;
      for (Chunk chunk : chunks) {
        List<String> ids = chunk.points().stream().map(SweepPoint::runId).toList();
        assertThat(ids).isSorted();
        packed.addAll(ids);
        // The last 15 % of the work are cut smaller, so that no core waits long for another.
        double share = Math.max(0.1, total / (8 * cores) * (before < 0.85 * total ? 1 : 0.25));
        assertThat(chunk.seconds()).isLessThanOrEqualTo(share + 1e-9);
        before += chunk.seconds();
        packedSeconds += chunk.seconds();
      }
      assertThat(packed).hasSize(5000).doesNotHaveDuplicates();
      assertThat(packedSeconds).isCloseTo(total, within(1e-9));
    }
  }

  @Test
  void aTaskHasAtMostAMinuteAndTenThousandPoints() {
    double[] many = new double[25_000];
    Arrays.fill(many, 1e-9);
    assertThat(pack(many, 1))
        .extracting(chunk -> chunk.points().size())
        .containsExactly(10_000, 10_000, 5_000);
    double[] hours = new double[400];
    Arrays.fill(hours, 20);
    assertThat(pack(hours, 1)).allMatch(chunk -> chunk.seconds() <= 60);
  }

  @Test
  void whatMayKillItsProcessIsAloneAndCareful() {
    List<Chunk> chunks = Packing.alone(points(3), point -> 2);
    assertThat(chunks).hasSize(3).allMatch(Chunk::careful);
    assertThat(chunks).allMatch(chunk -> chunk.points().size() == 1 && chunk.seconds() == 2);
  }
}
