package io.plumbline.jobs.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompassConformanceTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));
  private static final Path GOLDEN = HOME.resolve("../shared/golden/llmcompass");

  private final StringWriter out = new StringWriter();

  @TempDir Path dir;

  private boolean run(Path tables) {
    return new CompassConformance(new PrintWriter(out)).run(tables);
  }

  @Test
  void everythingThatLlmCompassWroteIsEqualToTheLastBit() {
    assumeTrue(Files.isDirectory(GOLDEN), "recorded tables of LLMCompass are not here");
    assertThat(run(GOLDEN)).as(out.toString()).isTrue();
    assertThat(out.toString())
        .contains("PASS     matmul_orig, A100_80GB_fp16: 13 rows")
        .contains(" 0 failed, 0 not judged, 0 skipped");
  }

  @Test
  void aVectorOnAnA100IsAsLongAsItsBytes() throws IOException {
    // (4096 * 4096 + 2 * 4096) * 2 bytes at 2.039e12 a second.
    vector("1.6464353114271703e-05");
    assertThat(run(dir)).as(out.toString()).isTrue();
    assertThat(out.toString())
        .contains("PASS     mine, A100_80GB_fp16: 1 row")
        .contains("equal to the last bit");
  }

  @Test
  void theLastBitCounts() throws IOException {
    vector("1.6464353114271706e-05");
    assertThat(run(dir)).isFalse();
    assertThat(out.toString()).contains("first difference: latency_s, line 2");
  }

  private void vector(String seconds) throws IOException {
    Files.writeString(
        dir.resolve("mine.csv"),
        "op,device,mode,dtype,batch,M,N,K,latency_s\n"
            + "matmul,A100_80GB_fp16,heuristic-GPU,fp16,1,1,4096,4096,%s\n".formatted(seconds));
  }

  @Test
  void aFolderWithoutTablesIsRefused() {
    assertThatThrownBy(() -> run(dir))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no table of LLMCompass is here");
  }

  @Test
  void anUnknownDeviceIsNamed() throws IOException {
    Files.writeString(
        dir.resolve("mine.csv"), "op,device,dtype,elements,latency_s\ngelu,A101,fp16,1,1\n");
    assertThatThrownBy(() -> run(dir))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("mine.csv:2: nothing is known of A101");
  }
}
