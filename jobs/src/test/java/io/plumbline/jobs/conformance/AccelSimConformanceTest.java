package io.plumbline.jobs.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.accelsim.AccelSimLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Recorded runs of Accel-Sim, those that take little; the command replays all. */
class AccelSimConformanceTest {
  private static final Path RECORDED =
      Path.of(System.getProperty("plumbline.home", "..")).resolve("../shared/golden/accelsim");

  private static final Set<String> QUICK =
      Set.of(
          "SM7_QV100/vecadd",
          "SM7_QV100/rmsnorm",
          "SM7_QV100/ub_ldg_l1_chain",
          "SM7_QV100/ub_hmma_indep_4w",
          "SM86_RTX3070/vecadd",
          "SM86_RTX3070/ub_lds_conf32");

  @Test
  void quickKernelsAreWithinTwoPercent() {
    assumeTrue(Files.isDirectory(RECORDED), "no recorded runs of Accel-Sim at " + RECORDED);
    List<AccelSimCase> cases =
        AccelSimCase.below(RECORDED).stream().filter(one -> QUICK.contains(one.name())).toList();
    assertThat(cases).hasSize(QUICK.size());
    for (AccelSimCase one : cases) {
      for (AccelSimCase.Pair pair : one.replay(AccelSimLog.read(one.log()))) {
        assertThat(Math.abs(pair.error())).as(one.name()).isLessThan(0.02);
      }
    }
  }
}
