package io.plumbline.simulator.sm;

/** One sector on its way through the memory system. It is in one queue at a time. */
final class MemoryRequest {
  private static final int SECTOR_BITS = 5;
  private static final int SECTORS_OF_LINE = 4;

  /** Next in the queue that it is in. */
  MemoryRequest next;

  /** Address divided by 32. */
  final long sector;

  /** The SM that waits for it. */
  final int sm;

  final boolean write;

  /** The L2 slice that it goes to. */
  int slice;

  /** Whether L1 isn't asked and not filled. */
  boolean bypassesL1;

  boolean atomic;

  /** Of a write: the bytes of the sector, one bit each. */
  int writtenBytes;

  /** The instruction that waits; null for lines that a cache writes back. */
  InFlight instruction;

  /** When it leaves the fixed delay that it is in. */
  long readyCycle;

  int bank;
  int row;

  /** Bytes that DRAM has to move, and has moved. */
  int dramBytes;

  int movedBytes;

  MemoryRequest(long sector, int sm, boolean write) {
    this.sector = sector;
    this.sm = sm;
    this.write = write;
  }

  long address() {
    return sector << SECTOR_BITS;
  }

  long line() {
    return sector / SECTORS_OF_LINE;
  }

  int sectorOfLine() {
    return (int) (sector & SECTORS_OF_LINE - 1);
  }
}
