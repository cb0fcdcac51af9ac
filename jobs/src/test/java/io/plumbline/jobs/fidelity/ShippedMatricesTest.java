package io.plumbline.jobs.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.Home;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The matrices in conf/fidelity are in the form of {@link FidelityFile}. */
class ShippedMatricesTest {
  @ParameterizedTest
  @CsvSource({"public, 18, 3", "vidur-static, 9, 0", "vidur-dynamic, 9, 0"})
  void shippedFilesAreReadInFull(String name, int cases, int grids) {
    Path path = Home.dir().resolve("conf/fidelity/" + name + ".yaml");
    FidelityFile file = FidelityFile.read(path);
    assertThat(file.name()).isEqualTo(name);
    assertThat(file.cases()).hasSize(cases);
    assertThat(file.grids()).hasSize(grids);
  }
}
