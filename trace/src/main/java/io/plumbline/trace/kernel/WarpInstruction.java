package io.plumbline.trace.kernel;

/**
 * One instruction of one warp, decoded. Immutable; warps that execute the same text share it.
 *
 * <p>Registers are numbered as in SASS, R255 included. Only the first register of a vector result
 * is known. A global access is a list of distinct 32-byte sectors, in the order in which they leave
 * the load/store unit; a shared access is the degree of its bank conflict.
 */
public final class WarpInstruction {
  /** Stands for "writes no register". */
  public static final int NO_REGISTER = -1;

  private static final int[] NO_REGISTERS = {};
  private static final long[] NO_SECTORS = {};

  private final ExecutionUnit unit;
  private final InstructionKind kind;
  private final int activeLanes;
  private final int destination;
  private final int[] sources;
  private final long[] sectors;
  private final int[] writtenBytes;
  private final int bankConflicts;
  private final int newestGroups;
  private final boolean bypassesL1;
  private final long registerFilter;

  private WarpInstruction(Builder builder) {
    unit = builder.unit;
    kind = builder.kind;
    activeLanes = builder.activeLanes;
    destination = builder.destination;
    sources = builder.sources;
    sectors = builder.sectors;
    writtenBytes = builder.writtenBytes;
    bankConflicts = builder.bankConflicts;
    newestGroups = builder.newestGroups;
    bypassesL1 = builder.bypassesL1;
    registerFilter = filter(destination, sources);
  }

  private static long filter(int destination, int[] sources) {
    long filter = destination == NO_REGISTER ? 0 : 1L << destination;
    for (int source : sources) {
      filter |= 1L << source;
    }
    return filter;
  }

  /** Starts an instruction without registers and without memory access. */
  public static Builder of(ExecutionUnit unit, InstructionKind kind) {
    return new Builder(unit, kind);
  }

  public ExecutionUnit unit() {
    return unit;
  }

  public InstructionKind kind() {
    return kind;
  }

  /** One bit a lane that is active and whose predicate holds. */
  public int activeLanes() {
    return activeLanes;
  }

  /** The register that is written, or {@link #NO_REGISTER}. */
  public int destination() {
    return destination;
  }

  public int sourceCount() {
    return sources.length;
  }

  public int source(int index) {
    return sources[index];
  }

  /**
   * The registers that it reads or writes, modulo 64, one bit each: those with no bit in common
   * with others are none of them.
   */
  public long registerFilter() {
    return registerFilter;
  }

  public int sectorCount() {
    return sectors.length;
  }

  /** A sector: its address divided by 32. */
  public long sector(int index) {
    return sectors[index];
  }

  /** Which of the 32 bytes of a sector a store writes, one bit each. */
  public int writtenBytes(int index) {
    return writtenBytes[index];
  }

  /** Turns that a shared access needs: the most distinct words that fall into one bank. */
  public int bankConflicts() {
    return bankConflicts;
  }

  /** The newest groups of copies that a {@link InstructionKind#COPY_GROUP_WAIT} lets run. */
  public int newestGroups() {
    return newestGroups;
  }

  public boolean bypassesL1() {
    return bypassesL1;
  }

  /** Collects the parts of an instruction. */
  public static final class Builder {
    private final ExecutionUnit unit;
    private final InstructionKind kind;
    private int activeLanes = -1;
    private int destination = NO_REGISTER;
    private int[] sources = NO_REGISTERS;
    private long[] sectors = NO_SECTORS;
    private int[] writtenBytes = NO_REGISTERS;
    private int bankConflicts;
    private int newestGroups;
    private boolean bypassesL1;

    private Builder(ExecutionUnit unit, InstructionKind kind) {
      this.unit = unit;
      this.kind = kind;
    }

    public Builder activeLanes(int mask) {
      activeLanes = mask;
      return this;
    }

    public Builder writes(int register) {
      destination = register;
      return this;
    }

    /** Registers that are read, without repetitions. */
    public Builder reads(int... registers) {
      sources = registers.clone();
      return this;
    }

    /** What a global access touches. */
    public Builder accesses(SectorList list) {
      sectors = list.sectors();
      writtenBytes = list.bytes();
      return this;
    }

    public Builder bankConflicts(int degree) {
      bankConflicts = degree;
      return this;
    }

    public Builder newestGroups(int groups) {
      newestGroups = groups;
      return this;
    }

    public Builder bypassingL1() {
      bypassesL1 = true;
      return this;
    }

    public WarpInstruction build() {
      return new WarpInstruction(this);
    }
  }
}
