package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeGridTest {
  @Test
  void nodesAreTwoAnOctave_andLinesBetween() {
    List<Integer> asked = new ArrayList<>();
    SizeGrid grid =
        new SizeGrid(
            size -> {
              asked.add(size);
              return size * size;
            });
    assertThat(grid.at(1)).isEqualTo(256);
    assertThat(grid.at(24)).isEqualTo(576);
    // Between 32 and 48: 1024 + (40 - 32) / 16 * (2304 - 1024).
    assertThat(grid.at(40)).isEqualTo(1664);
    assertThat(grid.at(33)).isEqualTo(1104);
    assertThat(asked).containsExactly(16, 24, 32, 48);
  }

  @Test
  void aSizeIsCoveredByTheNextNode() {
    assertThat(SizeGrid.covering(3)).isEqualTo(16);
    assertThat(SizeGrid.covering(17)).isEqualTo(24);
    assertThat(SizeGrid.covering(48)).isEqualTo(48);
    assertThat(SizeGrid.covering(49)).isEqualTo(64);
  }

  @Test
  void aPredictorWithoutItsGpuIsRefused() {
    assertThatThrownBy(() -> TraceSmSpec.defaults().requireSupports(Batches.tiny(2, 1, 1, 8)))
        .hasMessageContaining("trace_sm needs a GPU. Maybe gpu: a folder");
  }
}
