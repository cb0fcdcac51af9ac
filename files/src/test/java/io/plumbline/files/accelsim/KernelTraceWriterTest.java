package io.plumbline.files.accelsim;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.WarpInstruction;
import io.plumbline.trace.program.Dialect;
import io.plumbline.trace.program.Elementwise;
import io.plumbline.trace.program.FlashAttention;
import io.plumbline.trace.program.GemmTile;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.ProgramTrace;
import io.plumbline.trace.program.RowReduction;
import io.plumbline.trace.program.SimtGemm;
import io.plumbline.trace.program.TensorGemm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelTraceWriterTest {
  @TempDir private Path dir;

  /** Every program with sizes that fill no tile. */
  static Stream<KernelProgram> programs() {
    return Stream.of(Dialect.values()).flatMap(KernelTraceWriterTest::programs);
  }

  private static Stream<KernelProgram> programs(Dialect dialect) {
    return Stream.of(
        new TensorGemm(100, 136, 72, 1, GemmTile.LARGE, dialect),
        new TensorGemm(3, 130, 70, 2, GemmTile.FLAT, dialect),
        new SimtGemm(70, 130, 20, dialect),
        new RowReduction(RowReduction.Function.SOFTMAX, 3, 1000, dialect),
        new RowReduction(RowReduction.Function.LAYER_NORM, 2, 9000, dialect),
        new RowReduction(RowReduction.Function.RMS_NORM, 2, 128, dialect),
        Elementwise.gelu(5000, dialect),
        Elementwise.gatedSilu(2049, dialect),
        new FlashAttention(2, 70, 100, 64, 1, dialect),
        new FlashAttention(1, 4, 300, 128, 2, dialect));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void whatIsWrittenIsReadAgain_withAnyCompression(KernelProgram program) {
    for (AddressCompression compression : AddressCompression.values()) {
      for (String suffix : List.of("", ".gz", ".xz")) {
        Path file = dir.resolve("kernel-1.traceg" + suffix);
        KernelTraceWriter.write(program, file, compression);
        try (KernelTraceFile read = new KernelTraceFile(file)) {
          ProgramTrace made = new ProgramTrace(program);
          assertThat(read.header()).isEqualTo(made.header());
          for (CtaTrace cta = made.nextCta(); cta != null; cta = made.nextCta()) {
            requireEqual(read.nextCta(), cta);
          }
          assertThat(read.nextCta()).isNull();
        }
      }
    }
  }

  private static void requireEqual(CtaTrace read, CtaTrace made) {
    assertThat(read.warpCount()).isEqualTo(made.warpCount());
    for (int warp = 0; warp < made.warpCount(); warp++) {
      assertThat(read.instructionCount(warp)).isEqualTo(made.instructionCount(warp));
      for (int i = 0; i < made.instructionCount(warp); i++) {
        long[] found = facts(read.instruction(warp, i));
        long[] expected = facts(made.instruction(warp, i));
        if (!Arrays.equals(found, expected)) {
          assertThat(found).as("warp %d, instruction %d", warp, i).isEqualTo(expected);
        }
      }
    }
  }

  /** All that an instruction says, without reflection: there are millions of them. */
  private static long[] facts(WarpInstruction one) {
    LongStream.Builder facts = LongStream.builder();
    facts.add(one.unit().ordinal()).add(one.kind().ordinal()).add(one.activeLanes());
    facts.add(one.destination()).add(one.registerFilter()).add(one.bankConflicts());
    facts.add(one.newestGroups()).add(one.bypassesL1() ? 1 : 0).add(one.sourceCount());
    for (int source = 0; source < one.sourceCount(); source++) {
      facts.add(one.source(source));
    }
    for (int sector = 0; sector < one.sectorCount(); sector++) {
      facts.add(one.sector(sector)).add(one.writtenBytes(sector));
    }
    return facts.build().toArray();
  }

  /** 32 lanes of 4 bytes next to each other: base and stride, not 32 addresses. */
  @Test
  void accessesWithOneDistance_areABaseAndAStride() throws IOException {
    Path strided = dir.resolve("strided.traceg");
    Path listed = dir.resolve("listed.traceg");
    KernelProgram program = new SimtGemm(64, 64, 8, Dialect.VOLTA);
    KernelTraceWriter.write(program, strided, AddressCompression.STRIDE);
    KernelTraceWriter.write(program, listed, AddressCompression.NONE);
    assertThat(Files.readString(strided)).contains("LDG.E.SYS 1 R6 4 1 0x7f5200000000 4 0 \n");
    assertThat(Files.readString(listed))
        .contains("LDG.E.SYS 1 R6 4 0 0x7f5200000000 0x7f5200000004 ");
    // Most lines compute and have no addresses at all.
    assertThat(listed.toFile().length()).isGreaterThan(strided.toFile().length());
  }

  @Test
  void nothingHalfWrittenIsLeft() {
    KernelTraceWriter.write(
        Elementwise.sum(8, Dialect.AMPERE), dir.resolve("k.traceg"), AddressCompression.DELTA);
    assertThat(dir.toFile().list()).containsExactly("k.traceg");
  }
}
