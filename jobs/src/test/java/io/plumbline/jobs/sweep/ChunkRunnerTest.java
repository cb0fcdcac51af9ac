package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.jobs.sweep.Packing.Chunk;
import io.plumbline.jobs.sweep.SharedSweep.PredictorPool;
import io.plumbline.jobs.table.RunIndex;
import io.plumbline.jobs.table.RunMarks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task does about runs whose process died: the marks here are those that it would leave. */
class ChunkRunnerTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));

  @TempDir Path folder;
  private final List<SweepRunner.Failure> failures = new ArrayList<>();
  private SweepPlan plan;
  private SharedSweep shared;
  private RunMarks marks;
  private long done;

  @BeforeEach
  void planFourPoints() {
    Path file = folder.resolve("s.yaml");
    TinyProfile.lines(
        file,
        "name: t",
        "simulate:",
        "  workload: {kind: synthetic, requests: 2, seed: [1, 2], arrivals: all_at_zero,"
            + " lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
            + " min_output_tokens: 1, max_output_tokens: 9}}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: [sarathi, vllm]",
        "  predictor: roofline");
    plan = SweepPlanner.plan(file, HOME.resolve("models"), new PathResolver(folder, HOME, null));
    marks = new RunMarks(results());
    shared = job("this sweep");
  }

  private String results() {
    return folder.resolve("results").toString();
  }

  private SharedSweep job(String name) {
    SweepProfiles none = SweepProfiles.of(plan.points(), plan.profiles(), wanted -> Map.of());
    return new SharedSweep(
        name,
        results(),
        plan.workloads(),
        none,
        plan.recording(),
        SimulatorVersion.VALUE,
        Map.of(),
        Map.of(),
        new PredictorPool());
  }

  private ChunkRunner.Outcome run(List<SweepPoint> points) {
    return new ChunkRunner(shared, runs -> done += runs, failures::add, () -> false)
        .run(new Chunk(new ArrayList<>(points), 1, false).withCare(), true);
  }

  private RunIndex.Known known(SweepPoint point) {
    return RunIndex.of(results()).find(point.runId());
  }

  @Test
  void aRunThatLivesLeavesNoMark() {
    assertThat(run(plan.points()).suspects()).isEmpty();

    assertThat(plan.points()).hasSize(4).allMatch(point -> known(point).failures() == 0);
    assertThat(marks.counts()).isEmpty();
    assertThat(done).isEqualTo(4);
  }

  @Test
  void whatHasAMarkIsLeftForATaskOfItsOwnAndTheOthersArePublished() {
    SweepPoint suspect = plan.points().get(1);
    SweepPoint another = plan.points().get(3);
    marks.set(suspect.runId(), 1);
    marks.set(another.runId(), 1);

    assertThat(run(plan.points()).suspects()).containsExactlyInAnyOrder(suspect, another);

    assertThat(known(suspect)).isNull();
    assertThat(known(another)).isNull();
    assertThat(known(plan.points().get(0)).failures()).isZero();
    assertThat(known(plan.points().get(2)).failures()).isZero();
    assertThat(done).isEqualTo(2);
    assertThat(marks.counts()).hasSize(2);
  }

  @Test
  void aSuspectThatLivesWhenItIsAloneIsARunLikeOthers() {
    SweepPoint suspect = plan.points().get(1);
    marks.set(suspect.runId(), 1);

    run(List.of(suspect));

    assertThat(known(suspect).failures()).isZero();
    assertThat(marks.counts()).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void theSecondDeathIsTheLastOneAndIsARowThatSaysSo() {
    SweepPoint poison = plan.points().get(1);
    marks.set(poison.runId(), 1);
    marks.set(poison.runId(), 2);

    run(List.of(poison));

    assertThat(known(poison).failures()).isEqualTo(SweepRunner.ATTEMPTS);
    assertThat(marks.counts()).isEmpty();
    assertThat(failures)
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.runId()).isEqualTo(poison.runId());
              assertThat(failure.message())
                  .isEqualTo(
                      "its process died while it was made, 2 times and more. Maybe it takes more"
                          + " memory than an executor has.");
            });
    SweepRunner.Todo next = SweepRunner.todo(plan, results(), SweepRunner.Redo.NOTHING);
    assertThat(next.quarantined()).isEqualTo(1);
    assertThat(next.points()).hasSize(3).doesNotContain(poison);
    assertThat(SweepRunner.todo(plan, results(), SweepRunner.Redo.FAILED).points())
        .hasSize(4)
        .contains(poison);
  }

  @Test
  void aTaskStartedAgainMakesOnlyWhatWasNotPublishedAndForgetsNoFailure() {
    SweepPoint poison = plan.points().get(1);
    marks.set(poison.runId(), 1);
    marks.set(poison.runId(), 2);
    run(List.of(poison));
    failures.clear();
    done = 0;

    ChunkRunner.Outcome again = run(plan.points());

    assertThat(again.times().runs()).isEqualTo(3);
    assertThat(done).isEqualTo(4);
    assertThat(failures).extracting(SweepRunner.Failure::runId).containsExactly(poison.runId());
    // Another sweep is told of no failures but its own.
    failures.clear();
    shared = job("another sweep");
    assertThat(run(plan.points()).times().runs()).isEqualTo(4);
    assertThat(failures).isEmpty();
  }
}
