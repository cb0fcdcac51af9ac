package io.plumbline.files.accelsim;

import io.plumbline.files.TextFiles;
import io.plumbline.trace.kernel.KernelHeader;
import io.plumbline.trace.kernel.SassInstruction;
import io.plumbline.trace.kernel.WarpInstruction;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.ProgramTrace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Writes programs as kernel traces of Accel-Sim's tracer, version 5, grouped by thread blocks;
 * compressed if the name ends in {@code .gz} or {@code .xz}.
 */
public final class KernelTraceWriter {
  private static final int TRACER_VERSION = 5;
  private static final int INSTRUCTION_BYTES = 16;
  private static final String SHARED_BASE = "0x000007ff00000000";
  private static final String LOCAL_BASE = "0x000007fe00000000";

  private final ProgramTrace trace;
  private final AddressCompression compression;

  private KernelTraceWriter(ProgramTrace trace, AddressCompression compression) {
    this.trace = trace;
    this.compression = compression;
  }

  /** Writes a whole kernel; the file appears when it is complete. */
  public static void write(KernelProgram program, Path file, AddressCompression compression) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (Writer out = new OutputStreamWriter(packed(file, part), StandardCharsets.US_ASCII)) {
        new KernelTraceWriter(new ProgramTrace(program), compression).write(out);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      move(part, file);
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static OutputStream packed(Path file, Path part) throws IOException {
    String name = file.getFileName().toString();
    OutputStream raw = Files.newOutputStream(part);
    if (name.endsWith(".xz")) {
      return new XZOutputStream(raw, new LZMA2Options(1));
    }
    return name.endsWith(".gz") ? new GZIPOutputStream(raw, 1 << 16) : raw;
  }

  private void write(Writer out) throws IOException {
    KernelHeader header = trace.header();
    out.write(header(header));
    boolean more = true;
    for (int cta = 0; cta < header.ctas(); cta++) {
      out.write("\n#BEGIN_TB\n\nthread block = %d,0,0\n".formatted(cta));
      int[] warp = {0};
      more = trace.nextCta(instructions -> write(out, warp[0]++, instructions));
      out.write("\n#END_TB\n");
    }
    if (!more) {
      throw new IllegalStateException("the program has fewer thread blocks than its header says");
    }
  }

  private static String header(KernelHeader kernel) {
    return """
        -kernel name = %s
        -kernel id = 1
        -grid dim = (%d,1,1)
        -block dim = (%d,1,1)
        -shmem = %d
        -nregs = %d
        -binary version = %d
        -cuda stream id = 0
        -shmem base_addr = %s
        -local mem base_addr = %s
        -nvbit version = 1.7.1
        -accelsim tracer version = %d
        -enable lineinfo = 0

        #traces format = [line_num] PC mask dest_num [reg_dests] opcode src_num [reg_srcs] mem_width [adrrescompress?] [mem_addresses] immediate

        """
        .formatted(
            kernel.name(),
            kernel.ctas(),
            kernel.threads(),
            kernel.sharedBytes(),
            kernel.registers(),
            kernel.architecture(),
            SHARED_BASE,
            LOCAL_BASE,
            TRACER_VERSION);
  }

  private void write(Writer out, int warp, List<SassInstruction> instructions) {
    StringBuilder text = new StringBuilder(instructions.size() * 48);
    text.append("\nwarp = ").append(warp).append("\ninsts = ").append(instructions.size());
    text.append('\n');
    for (int i = 0; i < instructions.size(); i++) {
      append(text, i, instructions.get(i));
    }
    try {
      out.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loops are written unrolled: the program counter doesn't matter to simulators. */
  private void append(StringBuilder line, int index, SassInstruction instruction) {
    line.append("%04x %08x ".formatted(index * INSTRUCTION_BYTES, instruction.activeLanes()));
    if (instruction.destination() == WarpInstruction.NO_REGISTER) {
      line.append('0');
    } else {
      line.append("1 R").append(instruction.destination());
    }
    line.append(' ').append(instruction.opcode().text());
    line.append(' ').append(instruction.sources().length);
    for (int source : instruction.sources()) {
      line.append(" R").append(source);
    }
    if (instruction.addresses() == null) {
      line.append(" 0");
    } else {
      line.append(' ').append(instruction.opcode().widthBytes());
      compression.append(line, instruction);
    }
    line.append(' ').append(instruction.immediate()).append(" \n");
  }
}
