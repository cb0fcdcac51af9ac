package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareTest {
  @Test
  void field_isTheFirstValueOfTheKey(@TempDir Path folder) throws IOException {
    Path cpuInfo = folder.resolve("cpuinfo");
    Files.writeString(
        cpuInfo, "processor\t: 0\nmodel name\t: Some CPU @ 3:1\nmodel name\t: Other CPU\n");

    assertThat(Hardware.field(cpuInfo, "model name", "x86")).isEqualTo("Some CPU @ 3:1");
    assertThat(Hardware.field(cpuInfo, "flags", "x86")).isEqualTo("x86");
    assertThat(Hardware.field(folder.resolve("absent"), "model name", "arm")).isEqualTo("arm");
  }
}
