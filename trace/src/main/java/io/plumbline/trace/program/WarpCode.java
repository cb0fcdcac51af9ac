package io.plumbline.trace.program;

import io.plumbline.trace.kernel.Opcode;
import io.plumbline.trace.kernel.SassInstruction;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a warp executes, while it is being written. It serves one warp after the other. */
public final class WarpCode {
  /** All lanes of a warp. */
  static final int ALL_LANES = -1;

  static final int LANES = 32;
  static final int NONE = WarpInstruction.NO_REGISTER;

  private final Map<String, Opcode> opcodes = new HashMap<>();
  private final List<SassInstruction> instructions = new ArrayList<>();

  /** Begins with another warp. */
  void clear() {
    instructions.clear();
  }

  /** What was written since the warp began. */
  List<SassInstruction> instructions() {
    return instructions;
  }

  /** Calculates. */
  void add(String opcode, int destination, int... sources) {
    put(opcode, ALL_LANES, destination, sources, null, 0);
  }

  /** Waits for all groups of copies but the newest ones. */
  void awaitCopies(int newestGroups) {
    put("DEPBAR.LE", ALL_LANES, NONE, new int[0], null, newestGroups);
  }

  /** Loads; the address is in one register. */
  void load(String opcode, int destination, int addressRegister, int lanes, long[] addresses) {
    put(opcode, lanes, destination, new int[] {addressRegister}, addresses, 0);
  }

  /** Stores a register, or copies from one address to another, both in registers. */
  void store(String opcode, int addressRegister, int value, int lanes, long[] addresses) {
    put(opcode, lanes, NONE, new int[] {addressRegister, value}, addresses, 0);
  }

  private void put(
      String opcode, int lanes, int destination, int[] sources, long[] addresses, int immediate) {
    instructions.add(
        new SassInstruction(
            opcodes.computeIfAbsent(opcode, Opcode::of),
            lanes,
            destination,
            sources,
            addresses,
            immediate));
  }
}
