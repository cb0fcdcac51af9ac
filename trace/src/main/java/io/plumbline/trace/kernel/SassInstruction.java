package io.plumbline.trace.kernel;

/**
 * One instruction of one warp as a trace file has it, before its accesses are coalesced.
 *
 * @param activeLanes one bit a lane
 * @param destination the register that is written, or {@link WarpInstruction#NO_REGISTER}
 * @param sources registers that are read, without repetitions
 * @param addresses one a lane, of which those of inactive lanes do not count; null if it accesses
 *     no memory
 * @param immediate a number that belongs to it; of a {@code DEPBAR} the groups that may still run
 */
public record SassInstruction(
    Opcode opcode,
    int activeLanes,
    int destination,
    int[] sources,
    long[] addresses,
    int immediate) {

  /** What the SM executes, if the opcode alone says which memory is meant. */
  public WarpInstruction decoded() {
    return decoded(opcode.kind());
  }

  /**
   * What the SM executes.
   *
   * @param kind what the opcode does, which for generic accesses depends on the address
   */
  public WarpInstruction decoded(InstructionKind kind) {
    WarpInstruction.Builder builder =
        WarpInstruction.of(opcode.unit(), kind)
            .activeLanes(activeLanes)
            .reads(sources)
            .writes(destination)
            .newestGroups(immediate);
    if (opcode.bypassesL1()) {
      builder.bypassingL1();
    }
    if (addresses != null && activeLanes != 0) {
      access(builder, kind);
    }
    return builder.build();
  }

  private void access(WarpInstruction.Builder builder, InstructionKind kind) {
    if (kind.isSharedAccess()) {
      builder.bankConflicts(SharedBanks.conflicts(activeLanes, addresses));
    } else if (kind == InstructionKind.ATOMIC) {
      builder.accesses(SectorList.atomic(activeLanes, addresses, opcode.widthBytes()));
    } else if (kind.isGlobalAccess()) {
      builder.accesses(SectorList.coalesced(activeLanes, addresses, opcode.widthBytes()));
    }
  }
}
