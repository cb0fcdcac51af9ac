package io.plumbline.trace.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SASS opcode with its suffixes: which unit executes it, what it does, how wide its accesses are.
 * An opcode that isn't listed is integer arithmetic, as most of them are.
 *
 * @param text as SASS has it, suffixes included
 * @param widthBytes bytes that a lane loads or stores
 * @param generic whether the address says if an access is a shared or a global one
 * @param bypassesL1 whether a load is done at L2
 */
public record Opcode(
    String text,
    ExecutionUnit unit,
    InstructionKind kind,
    int widthBytes,
    boolean generic,
    boolean bypassesL1) {
  private static final int DEFAULT_WIDTH_BYTES = 4;
  private static final Pattern WIDTH = Pattern.compile("U?([0-9]+)");
  private static final Map<String, ExecutionUnit> UNITS = new HashMap<>();
  private static final Map<String, InstructionKind> KINDS = new HashMap<>();

  static {
    unit(
        ExecutionUnit.FP32,
        "FADD FADD32I FCHK FFMA FFMA32I FMNMX FMUL FMUL32I FSEL FSET FSETP FSWZADD HADD2"
            + " HADD2_32I HFMA2 HFMA2_32I HMNMX2 HMUL2 HMUL2_32I HSET2 HSETP2");
    unit(ExecutionUnit.SFU, "MUFU");
    unit(ExecutionUnit.FP64, "DADD DFMA DMUL DSETP");
    unit(ExecutionUnit.TENSOR, "BMMA DMMA HMMA IMMA KILL");
    unit(ExecutionUnit.TEXTURE, "TEX TLD TLD4 TMML TXD TXQ");
    unit(
        ExecutionUnit.BRANCH,
        "BMOV BPT BRA BREAK BRX BRXU BSSY BSYNC CALL JMP JMX JMXU NANOSLEEP RET RPCMOV RTT WARPSYNC"
            + " YIELD");
    unit(
        ExecutionUnit.UNIFORM,
        "R2UR REDUX S2UR UBMSK UBREV UCLEA UF2FP UFLO UIADD3 UIMAD UISETP ULDC ULEA ULOP ULOP3"
            + " ULOP32I UMOV UP2UR UPLOP3 UPOPC UPRMT UPSETP UR2UP USEL USGXT USHF USHL USHR VOTEU");
    unit(
        ExecutionUnit.MEMORY,
        "ATOM ATOMG ATOMS LD LDG LDGSTS LDL LDS LDSM MEMBAR RED ST STG STL STS");
    kind(InstructionKind.PACKED_HALF, "HADD2 HADD2_32I HFMA2 HFMA2_32I HMUL2_32I HSET2 HSETP2");
    kind(InstructionKind.BARRIER, "BAR");
    kind(InstructionKind.EXIT, "EXIT");
    kind(InstructionKind.MEMORY_BARRIER, "MEMBAR");
    kind(InstructionKind.GLOBAL_LOAD, "LD LDG LDL");
    kind(InstructionKind.GLOBAL_STORE, "ST STG STL");
    kind(InstructionKind.SHARED_LOAD, "LDS LDSM ATOMS");
    kind(InstructionKind.SHARED_STORE, "STS");
    kind(InstructionKind.ATOMIC, "ATOM ATOMG RED");
    kind(InstructionKind.ASYNC_COPY, "LDGSTS");
    kind(InstructionKind.COPY_GROUP_END, "LDGDEPBAR");
    kind(InstructionKind.COPY_GROUP_WAIT, "DEPBAR");
  }

  private static void unit(ExecutionUnit unit, String names) {
    for (String name : names.split(" ", -1)) {
      UNITS.put(name, unit);
    }
  }

  private static void kind(InstructionKind kind, String names) {
    for (String name : names.split(" ", -1)) {
      KINDS.put(name, kind);
    }
  }

  /** Decodes {@code LDG.E.128} and the like. */
  public static Opcode of(String text) {
    String[] parts = text.split("\\.", -1);
    InstructionKind kind = KINDS.getOrDefault(parts[0], InstructionKind.ARITHMETIC);
    boolean strong = text.contains("STRONG") && text.contains("GPU");
    return new Opcode(
        text,
        UNITS.getOrDefault(parts[0], ExecutionUnit.INT),
        kind,
        widthBytes(parts),
        parts[0].equals("LD") || parts[0].equals("ST"),
        kind == InstructionKind.ATOMIC || (kind == InstructionKind.GLOBAL_LOAD && strong));
  }

  private static int widthBytes(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      Matcher width = WIDTH.matcher(parts[i]);
      if (width.matches()) {
        return Math.max(1, Integer.parseInt(width.group(1)) / Byte.SIZE);
      }
    }
    return DEFAULT_WIDTH_BYTES;
  }
}
