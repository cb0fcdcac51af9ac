package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.latency.TokenOperator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepProfilesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));

  @TempDir Path folder;
  private SweepPlan plan;

  @BeforeEach
  void planALearnedAndAProfiledPoint() {
    TinyProfile.writeLearnable(folder.resolve("profiles"), "a100", 0.5);
    Path file = folder.resolve("s.yaml");
    TinyProfile.lines(
        file,
        "name: t",
        "simulate:",
        "  workload: {kind: synthetic, requests: 2, seed: 1, arrivals: all_at_zero,"
            + " lengths: {kind: fixed, prompt_tokens: 8, output_tokens: 2}}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: [sarathi, vllm]",
        "  predictor:",
        "    - {kind: learned, root: profiles, learner: {kind: polynomial, folds: 2}}",
        "    - {kind: profiled, root: profiles}");
    plan = SweepPlanner.plan(file, HOME.resolve("models"), new PathResolver(folder, HOME, null));
  }

  private SweepProfiles profiles() {
    return SweepProfiles.of(
        plan.points(),
        plan.profiles(),
        wanted -> {
          // Two points learn the same.
          assertThat(wanted).hasSize(12);
          Map<String, TrainedOperator> trained = new LinkedHashMap<>();
          for (OperatorTraining training : wanted) {
            trained.put(training.modelId(), training.run());
          }
          return trained;
        });
  }

  @Test
  void tablesAreMadeOnceAndAgainInAnotherJvm() throws Exception {
    SweepProfiles here = profiles();
    SweepProfiles elsewhere = copy(here);

    OperatorTimes times = tables(here);
    assertThat(tables(here)).isSameAs(times);
    OperatorTimes copied = tables(elsewhere);
    assertThat(copied).isNotSameAs(times);
    assertThat(tables(elsewhere)).isSameAs(copied);
    assertThat(copied.tokenOperatorMs(TokenOperator.ADD, 64))
        .isPositive()
        .isEqualTo(times.tokenOperatorMs(TokenOperator.ADD, 64));
    assertThat(copied.decodeAttentionMs(3, 64)).isEqualTo(times.decodeAttentionMs(3, 64));
  }

  @Test
  void aPointThatInterpolatesHasTheMeasurements() throws Exception {
    SweepPoint profiled = plan.points().get(1);
    SimulationSpec spec = profiled.spec();

    ProfileSource source = copy(profiles()).source(profiled.profileHash());

    assertThat(source.profile(spec.predictor().profileQuery(), spec.deployment()).contentHash())
        .isEqualTo(profiled.profileHash());
  }

  private OperatorTimes tables(SweepProfiles profiles) {
    SweepPoint point = plan.points().get(0);
    SimulationSpec spec = point.spec();
    return profiles
        .source(point.profileHash())
        .learned(
            (LearnedSpec) spec.predictor(),
            spec.deployment(),
            new TableLimits(8, 8, 64),
            spec.compatibility());
  }

  private static SweepProfiles copy(SweepProfiles profiles)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(profiles);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (SweepProfiles) in.readObject();
    }
  }
}
