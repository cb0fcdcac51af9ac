package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.table.OperatorTimingRow;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmCompassImporterTest {
  private static final Importer IMPORTER = new LlmCompassImporter();

  @TempDir Path folder;

  @Test
  void timesFollowFromThroughputs() {
    file(folder, "gelu_A100.csv", "1024, 0.02");
    file(folder, "layernorm_MI210.csv", "4096, 32, 2.0");
    file(folder, "matmul_A100.csv", "64, 12288, 12288, 0.1900ms, 101.7124Tflops");
    file(folder, "matmul_A100_sim.csv", "64, 12288, 12288, 0.1ms, 1Tflops");
    file(folder, "die_area.csv", "476.25,446.22");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.operators)
        .extracting(OperatorTimingRow::operator)
        .containsExactly("gelu", "layernorm", "matmul");
    // 1024 elements at 0.02 G/s; 4096 x 32 at 2 G/s; 2 x 64 x 12288 x 12288 flops at 101.7124 T/s.
    assertThat(found.operators.get(0).timeNs()).isEqualTo(51_200, within(1e-6));
    assertThat(found.operators.get(1).timeNs()).isEqualTo(65_536, within(1e-6));
    assertThat(found.operators.get(2).timeNs()).isEqualTo(190_019.63, within(0.1));
    OperatorTimingRow matmul = found.operators.get(2);
    assertThat(matmul.device()).isEqualTo("A100");
    assertThat(matmul.m()).isEqualTo(64);
    assertThat(matmul.n()).isEqualTo(12_288);
    assertThat(matmul.k()).isEqualTo(12_288);
    assertThat(matmul.dtype()).isEqualTo("bf16");
    assertThat(matmul.statistic()).isEqualTo("median");
    assertThat(found.operators.get(1).device()).isEqualTo("MI210");
  }

  @Test
  void aLayerHasTwelveParts() {
    file(
        folder, "transformerAR_A100.csv", Collections.nCopies(12, "0.0002").toArray(String[]::new));
    file(folder, "allreduce_4xA100_NVLink3.csv", "bytes,latency_us", "8,12.52");
    Found found = Found.at(folder, IMPORTER);
    OperatorTimingRow allReduce = found.operators.get(0);
    assertThat(allReduce.operator()).isEqualTo("all_reduce");
    assertThat(allReduce.devices()).isEqualTo(4);
    assertThat(allReduce.bytes()).isEqualTo(8);
    assertThat(allReduce.timeNs()).isEqualTo(12_520);
    assertThat(found.operators).hasSize(13);
    OperatorTimingRow softmax = found.operators.get(7);
    assertThat(softmax.operator()).isEqualTo("softmax");
    assertThat(softmax.timeNs()).isEqualTo(200_000);
    assertThat(softmax.tokens()).isEqualTo(8);
    assertThat(softmax.kvTokens()).isEqualTo(3072);
    assertThat(softmax.tensorParallel()).isEqualTo(4);
  }

  @Test
  void brokenFilesAreExplained() {
    Path matmul = file(folder, "matmul_A100.csv", "64, 12288, 12288, 0.19us, 101Tflops");
    assertBadInput(
        folder, IMPORTER, matmul + ":1: latency ( 0.19us) must be a positive number of ms");
    file(folder, "matmul_A100.csv", "64, 12288, 12288, 0.19ms, 101Tflops", "128, 12");
    assertBadInput(
        folder, IMPORTER, matmul + ":2: 2 fields, but a row has 5. Maybe the file was cut off.");
    file(folder, "matmul_A100.csv", "64, 12288, 12288, 0.19ms, 101Tflops, 5");
    assertBadInput(
        folder,
        IMPORTER,
        matmul + ":1: 6 fields, but a row has 5. Maybe a text with a comma lacks its quotes.");
    Path other = file(folder, "conv_A100.csv", "1, 2");
    assertBadInput(
        other,
        IMPORTER,
        other
            + ": the name must say operator and device. Known: matmul_, softmax_, layernorm_,"
            + " gelu_, transformer_, transformerAR_DEVICE.csv and allreduce_NxDEVICE_LINK.csv");
    file(folder, "matmul_A100.csv", "64, 12288, 12288, 0.19ms, 101Tflops");
    Path layer = file(folder, "transformer_A100.csv", "0.1", "0.2");
    assertBadInput(
        folder, IMPORTER, layer + ": 2 values, but a layer has 12. Maybe the file was cut off.");
  }
}
