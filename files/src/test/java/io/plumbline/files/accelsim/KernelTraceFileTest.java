package io.plumbline.files.accelsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.ExecutionUnit;
import io.plumbline.trace.kernel.InstructionKind;
import io.plumbline.trace.kernel.WarpInstruction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class KernelTraceFileTest {
  private static final String HEADER =
      """
      -kernel name = k
      -grid dim = (1,1,1)
      -block dim = (32,1,1)
      -shmem = 0
      -nregs = 12
      -binary version = 80
      -accelsim tracer version = 5
      -shmem base_addr = 0x00007f0000000000
      -local mem base_addr = 0x00007e0000000000
      -enable lineinfo = 0

      #traces format = whatever
      """;

  @TempDir Path folder;

  @Test
  void bothCompressionsOfAddressesAndTheListAreRead() {
    WarpInstruction strided = only("0000 ffffffff 1 R4 LDG.E 1 R2 4 1 0x1000 4 0 ");
    assertThat(strided.unit()).isEqualTo(ExecutionUnit.MEMORY);
    assertThat(strided.kind()).isEqualTo(InstructionKind.GLOBAL_LOAD);
    assertThat(strided.destination()).isEqualTo(4);
    // 32 lanes of 4 bytes from 0x1000 on: four sectors, the highest first.
    assertThat(sectors(strided)).containsExactly(0x83, 0x82, 0x81, 0x80);
    assertThat(sectors(only("0000 00000007 1 R4 LDG.E.128 1 R2 4 2 0x1000 64 -32 0")))
        .containsExactly(0x82, 0x81, 0x80);
    assertThat(sectors(only("0000 00000003 1 R4 LDG.E 1 R2 4 0 0x2000 0x1000 0")))
        .containsExactly(0x100, 0x80);
  }

  @Test
  void whatIsWrittenIsKnownByteByByte() {
    WarpInstruction store = only("0000 00000003 0 STG.E 2 R2 R4 4 1 0x1000 8 0");
    assertThat(store.writtenBytes(0)).isEqualTo(0b1111_0000_1111);
  }

  @Test
  void conflictsOfSharedBanksAreCounted() {
    assertThat(only("0 ffffffff 1 R4 LDS 1 R2 4 1 0x0 4 0").bankConflicts()).isEqualTo(1);
    assertThat(only("0 ffffffff 1 R4 LDS 1 R2 4 1 0x0 128 0").bankConflicts()).isEqualTo(32);
    assertThat(only("0 ffffffff 1 R4 LDS.128 1 R2 4 1 0x0 16 0").bankConflicts()).isEqualTo(4);
    assertThat(only("0 ffffffff 1 R4 LDS 1 R2 4 1 0x0 0 0").bankConflicts()).isEqualTo(1);
  }

  @Test
  void sourcesThatComeTwiceAreReadOnce() {
    WarpInstruction fma = only("0000 ffffffff 1 R3 FFMA 3 R1 R2 R1 0 0");
    assertThat(fma.sourceCount()).isEqualTo(2);
    assertThat(only("0 ffffffff 0 DEPBAR.LE 0 0 1").newestGroups()).isEqualTo(1);
  }

  @Test
  void compressedFilesAreReadAsTheyAre() throws IOException {
    byte[] text = trace("0 ffffffff 0 EXIT 0 0 0").getBytes(StandardCharsets.UTF_8);
    Path xz = folder.resolve("k.traceg.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(xz), new LZMA2Options())) {
      out.write(text);
    }
    Path gz = folder.resolve("k.traceg.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write(text);
    }
    for (Path file : new Path[] {xz, gz}) {
      try (KernelTraceFile trace = new KernelTraceFile(file)) {
        assertThat(trace.nextCta().instruction(0, 0).kind()).isEqualTo(InstructionKind.EXIT);
        assertThat(trace.nextCta()).isNull();
      }
    }
    Files.write(xz, Arrays.copyOf(Files.readAllBytes(xz), 80));
    assertThatThrownBy(() -> firstCta(xz))
        .isInstanceOf(BadInputException.class)
        .hasMessage(xz + ": not a whole xz file. Maybe it was cut off.");
  }

  @Test
  void brokenTracesAreExplainedByFileLineAndValue() {
    Path file = write(trace("0000 ffffffff 1 R999 FADD 1 R2 0 0"));
    assertBad(file, file + ":18: the destination (R999) must be from R0 to R255");
    write(trace("0000 ffffffff 1 R4 LDG.E 1 R2 4 7 0x1000 4 0"));
    assertBad(file, file + ":18: the address mode (7) must be from 0 to 2");
    write(trace("0000 ffffffff 1 R4 LDG.E 1 R2 4 1 0x1000"));
    assertBad(file, file + ":18: the line ends before the stride");
    write(HEADER.replace("nregs = 12", "nregs = 21955"));
    assertBad(
        file,
        file + ":5: nregs (21955) must be at most 255. Maybe the tracer does not know its driver.");
    write(HEADER);
    assertBad(file, file + ":12: the file ends after 0 thread blocks of 1. Maybe it was cut off.");
    write(trace("0000 ffffffff 0 EXIT 0 0 0").replace("#END_TB\n", ""));
    assertBad(file, file + ":18: the file ends within a thread block. Maybe it was cut off.");
  }

  private void assertBad(Path file, String message) {
    assertThatThrownBy(() -> firstCta(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  private WarpInstruction only(String line) {
    return firstCta(write(trace(line))).instruction(0, 0);
  }

  private static CtaTrace firstCta(Path file) {
    try (KernelTraceFile trace = new KernelTraceFile(file)) {
      return trace.nextCta();
    }
  }

  private static String trace(String line) {
    return HEADER
        + """

        #BEGIN_TB
        thread block = 0,0,0
        warp = 0
        insts = 1
        %s
        #END_TB
        """
            .formatted(line);
  }

  private Path write(String text) {
    try {
      return Files.writeString(folder.resolve("k.traceg"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] sectors(WarpInstruction instruction) {
    int[] sectors = new int[instruction.sectorCount()];
    Arrays.setAll(sectors, i -> (int) instruction.sector(i));
    return sectors;
  }
}
