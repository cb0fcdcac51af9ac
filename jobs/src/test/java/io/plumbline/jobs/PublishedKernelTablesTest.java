package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.score.ScoredSilicon;
import io.plumbline.jobs.score.ScoredSteps;
import io.plumbline.jobs.score.SiliconTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what docs/fidelity.md says of vLLM on H100 where nothing was fitted. */
class PublishedKernelTablesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve("../shared/real");

  @TempDir private Path folder;

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

  /** One model only, as its points are few and nothing of it was fitted. */
  @Test
  void llamaInAClosedLoopIsWithinTwentyPercentOfTtftAndTenOfTpot() throws IOException {
    assumeTrue(
        Files.isDirectory(SHARED.resolve("aiconfigurator")),
        "no published measurements in " + SHARED);
    String conf = Files.readString(HOME.resolve("conf/fidelity/silicon.yaml"));
    String others = conf.substring(conf.indexOf("      # A sweep of its own"));
    Path file = Files.writeString(folder.resolve("silicon.yaml"), conf.replace(others, ""));
    SiliconTable table =
        SiliconTable.of(
            ScoredSilicon.read(
                file, HOME.resolve("models"), new PathResolver(folder, HOME, SHARED)));
    List<String[]> points =
        table
            .csv()
            .lines()
            .skip(1)
            .map(line -> line.split(","))
            .filter(fields -> fields[1].equals("vllm"))
            .toList();
    assertThat(points).hasSizeGreaterThan(30);
    assertThat(medianPercent(points, 9, 10)).isLessThan(8);
    assertThat(medianPercent(points, 11, 12)).isLessThan(10);
  }

  private static double medianPercent(List<String[]> points, int measured, int predicted) {
    double[] percent =
        points.stream()
            .mapToDouble(
                fields ->
                    100
                        * Math.abs(
                            Double.parseDouble(fields[predicted])
                                    / Double.parseDouble(fields[measured])
                                - 1))
            .toArray();
    return ErrorMetrics.percentile(percent, 0.5);
  }
}
