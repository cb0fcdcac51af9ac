package io.plumbline.files.accelsim;

import io.plumbline.trace.kernel.InstructionKind;
import io.plumbline.trace.kernel.Opcode;
import io.plumbline.trace.kernel.SassInstruction;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Decodes the lines of instructions. The program counter doesn't matter, so that most lines are
 * repetitions: the last ones are remembered by their text.
 */
final class InstructionParser {
  private static final int REMEMBERED = 1 << 15;
  private static final int LANES = 32;
  private static final int MOST_REGISTERS = 8;
  private static final int WITH_EXTRA_COLUMNS_BEFORE = 3;
  private static final int EXTRA_COLUMNS = 4;

  private static final int LIST = 0;
  private static final int STRIDE = 1;
  private static final int DELTAS = 2;

  private final TraceHeader header;
  private final Map<String, Opcode> opcodes = new HashMap<>();
  private final byte[][] texts = new byte[REMEMBERED][];
  private final WarpInstruction[] instructions = new WarpInstruction[REMEMBERED];

  InstructionParser(TraceHeader header) {
    this.header = header;
  }

  /** The instruction of a line. */
  WarpInstruction parse(LineCursor line) {
    if (header.tracerVersion() < WITH_EXTRA_COLUMNS_BEFORE) {
      for (int i = 0; i < EXTRA_COLUMNS; i++) {
        line.skipToken("the CTA and warp");
      }
    }
    if (header.hasSourceLines()) {
      line.skipToken("the source line");
    }
    line.skipToken("the program counter");
    int slot = line.restHash() & REMEMBERED - 1;
    if (texts[slot] == null || !line.restEquals(texts[slot])) {
      byte[] text = line.restBytes();
      instructions[slot] = decode(line);
      texts[slot] = text;
    }
    return instructions[slot];
  }

  private WarpInstruction decode(LineCursor line) {
    int mask = (int) line.hexadecimal("the mask");
    int written = line.integer("the number of destinations", 0, 1);
    int destination = written == 1 ? line.register("the destination") : WarpInstruction.NO_REGISTER;
    Opcode opcode = opcodes.computeIfAbsent(line.token("the opcode"), Opcode::of);
    int[] sources = sources(line);
    int width = line.integer("the memory width", 0, 1 << 10);
    long[] addresses = width == 0 ? null : addresses(line, mask);
    int immediate = line.hasToken() ? immediate(line) : 0;
    return new SassInstruction(opcode, mask, destination, sources, addresses, immediate)
        .decoded(kind(opcode, mask, addresses));
  }

  private static int immediate(LineCursor line) {
    return (int) Math.max(0, line.decimal("the immediate"));
  }

  private static int[] sources(LineCursor line) {
    int count = line.integer("the number of sources", 0, MOST_REGISTERS);
    int[] sources = new int[count];
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      int register = line.register("a source");
      boolean known = false;
      for (int k = 0; k < distinct; k++) {
        known |= sources[k] == register;
      }
      if (!known) {
        sources[distinct++] = register;
      }
    }
    return Arrays.copyOf(sources, distinct);
  }

  /** One address a lane; those of inactive lanes are 0. */
  private static long[] addresses(LineCursor line, int mask) {
    int mode = line.integer("the address mode", LIST, DELTAS);
    long[] addresses = new long[LANES];
    long address = mode == LIST ? 0 : line.hexadecimal("the base address");
    long stride = mode == STRIDE ? line.decimal("the stride") : 0;
    boolean first = true;
    for (int lane = 0; lane < LANES; lane++) {
      if ((mask >>> lane & 1) == 0) {
        continue;
      }
      if (mode == LIST) {
        address = line.hexadecimal("an address");
      } else if (!first) {
        address += mode == STRIDE ? stride : line.decimal("an address difference");
      }
      addresses[lane] = address;
      first = false;
    }
    return addresses;
  }

  private InstructionKind kind(Opcode opcode, int mask, long[] addresses) {
    if (!opcode.generic() || addresses == null || mask == 0) {
      return opcode.kind();
    }
    long first = addresses[Integer.numberOfTrailingZeros(mask)];
    if (!header.isShared(first)) {
      return opcode.kind();
    }
    return opcode.kind() == InstructionKind.GLOBAL_LOAD
        ? InstructionKind.SHARED_LOAD
        : InstructionKind.SHARED_STORE;
  }
}
