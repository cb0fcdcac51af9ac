package io.plumbline.files.accelsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccelSimLogTest {
  private static final String START = "Accel-Sim [build x]\n";
  private static final String END = "GPGPU-Sim: *** exit detected ***\n";

  @TempDir Path folder;

  @Test
  void countersThatAreAddedUpAreGivenForEachKernel() {
    AccelSimLog log = read(START + kernel("a", 100, 100, 7) + kernel("b", 50, 150, 12) + END);
    assertThat(log.problem()).isNull();
    assertThat(log.kernels()).extracting(AccelSimLog.Kernel::cycles).containsExactly(100L, 50L);
    assertThat(log.kernels())
        .extracting(kernel -> kernel.counter("total dram reads"))
        .containsExactly(7L, 5L);
    assertThat(log.kernels().get(1).trace()).isEqualTo("traces/b.traceg.xz");
  }

  @Test
  void aRunThatDoesNotSayThatItIsDoneIsNone() {
    assertThat(read(START + kernel("a", 100, 100, 7) + "unsupported binary version: 0\n").problem())
        .isEqualTo(
            "it ends after 1 kernels without saying that it is done; its last line is:"
                + " unsupported binary version: 0");
    String torn = kernel("a", 100, 100, 7).replaceAll("(?s)total dram.*", "");
    assertThat(read(START + torn).problem()).isEqualTo("it ends within the results of kernel 1");
    assertThat(read(START).problem())
        .startsWith("it ends after 0 kernels without saying that it is done");
  }

  @Test
  void linesThatAreMissingShow() {
    Path file = folder.resolve("run.log");
    assertThatThrownBy(() -> read(START + kernel("a", 100, 130, 7)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ":5: gpu_tot_sim_cycle (130) is not the sum of the kernels' cycles (100)");
    assertThatThrownBy(() -> read("hello\n"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("this is no log of Accel-Sim");
  }

  private static String kernel(String name, int cycles, int total, int reads) {
    return """
    Processing kernel traces/%s.traceg.xz
    kernel_name = %s\s
    gpu_sim_cycle = %d
    gpu_tot_sim_cycle = %d
    gpu_occupancy = -nan%%\s
    total dram reads = %d
    gpgpu_simulation_rate = 1 (cycle/sec)
    """
        .formatted(name, name, cycles, total, reads);
  }

  private AccelSimLog read(String text) {
    try {
      return AccelSimLog.read(Files.writeString(folder.resolve("run.log"), text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
