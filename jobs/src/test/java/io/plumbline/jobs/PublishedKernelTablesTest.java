package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.score.ScoredSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds what docs/fidelity.md says of vLLM's logged iterations on H100. */
class PublishedKernelTablesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve("../shared/real");

  @Test
  void iterationsOfDecodesAreWithinEightPercent() {
    assumeTrue(
        Files.isDirectory(SHARED.resolve("inference_sim_vllm0151")),
        "no published measurements in " + SHARED);
    List<ScoredSteps> all =
        ScoredSteps.read(
            HOME.resolve("conf/fidelity/steps-h100.yaml"),
            HOME.resolve("models"),
            new PathResolver(HOME, HOME, SHARED));
    assertThat(all).extracting(ScoredSteps::name).hasSize(3);
    for (ScoredSteps scored : all) {
      assertThat(scored.steps()).hasSizeGreaterThan(290);
      assertThat(scored.medianErrorPercent()).as(scored.name()).isLessThan(4);
      assertThat(scored.extrapolatedFraction()).as(scored.name()).isLessThan(0.001);
    }
  }
}
