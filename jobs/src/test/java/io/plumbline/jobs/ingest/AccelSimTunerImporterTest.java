package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccelSimTunerImporterTest {
  private static final Importer IMPORTER = new AccelSimTunerImporter();

  @TempDir Path folder;

  @Test
  void latenciesAndThroughputsAreTakenWithTheCyclesAfterThem() {
    file(
        folder,
        "output.file",
        "running ./l2_bw microbenchmark",
        "L2 bandwidth = 1365.5(byte/clk), 1526.25(GB/s)",
        "Max Theortical L2 bandwidth = 1536(byte/clk), 1716.61(GB/s)",
        "L2 BW achievable = 88.9%",
        "Total Clk number = 491376",
        "/////////////////////////////////",
        "running ./kernel_lat microbenchmark",
        "Kernel Launch Latency = 7257.6 cycles",
        "The reported latency above can be slightly higher than real.",
        "//Accel_Sim config:",
        "-gpgpu_kernel_launch_latency  7257",
        "running ./tensor_lat microbenchmark",
        "FP16 operand, FP16 accumalte:",
        "wmma latency = 33.0(clk)",
        "Total Clk number = 135180",
        "running ./system_config microbenchmark",
        "Device Name = TITAN V",
        "GPU Max Clock rate = 1455 MHz");
    assertThat(Found.at(folder, IMPORTER).microbenchmarks)
        .extracting(
            row ->
                "%s|%s|%s|%s|%s|%s|%s"
                    .formatted(
                        row.device(),
                        row.program(),
                        row.variant(),
                        row.metric(),
                        row.value(),
                        row.unit(),
                        row.cycles()))
        .containsExactly(
            "TITAN V|l2_bw|null|L2 bandwidth|1365.5|byte/clk|491376",
            "TITAN V|l2_bw|null|L2 bandwidth|1526.25|GB/s|491376",
            "TITAN V|l2_bw|null|L2 BW achievable|88.9|%|491376",
            "TITAN V|kernel_lat|null|Kernel Launch Latency|7257.6|cycles|null",
            "TITAN V|tensor_lat|FP16 operand, FP16 accumalte|wmma latency|33.0|cycles|135180");
  }

  @Test
  void brokenFilesAreExplained() {
    Path file = file(folder, "output.file", "hello");
    assertBadInput(folder, IMPORTER, file + ": no line like: running ./l1_lat microbenchmark");
    file(folder, "output.file", "running ./x microbenchmark", "Total Clk number = 1e3");
    assertBadInput(folder, IMPORTER, file + ":2: Total Clk number (1e3) must be an integer");
    file(folder, "output.file", "running ./x microbenchmark", "L1 Latency = 3.3.3 cycles");
    assertBadInput(folder, IMPORTER, file + ":2: L1 Latency (3.3.3) must be a number");
  }
}
