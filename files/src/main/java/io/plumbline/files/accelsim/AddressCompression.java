package io.plumbline.files.accelsim;

import io.plumbline.trace.kernel.SassInstruction;

/** How a trace writes the addresses of a warp's access. */
public enum AddressCompression {
  /** Every address. */
  NONE {
    @Override
    void append(StringBuilder line, SassInstruction access) {
      line.append(" 0");
      for (int lane = 0; lane < LANES; lane++) {
        if (isActive(access, lane)) {
          line.append(" 0x").append(Long.toHexString(access.addresses()[lane]));
        }
      }
    }
  },
  /** The first one and the distance, where all distances are equal; else as {@link #DELTA}. */
  STRIDE {
    @Override
    void append(StringBuilder line, SassInstruction access) {
      Long stride = stride(access);
      if (stride == null) {
        DELTA.append(line, access);
      } else {
        line.append(" 1 ").append(first(access)).append(' ').append(stride);
      }
    }
  },
  /** The first one and the distance of each other from the one before it. */
  DELTA {
    @Override
    void append(StringBuilder line, SassInstruction access) {
      line.append(" 2 ").append(first(access));
      int before = Integer.numberOfTrailingZeros(access.activeLanes());
      for (int lane = before + 1; lane < LANES; lane++) {
        if (isActive(access, lane)) {
          line.append(' ').append(access.addresses()[lane] - access.addresses()[before]);
          before = lane;
        }
      }
    }
  };

  private static final int LANES = 32;

  /** Appends mode and addresses of an access of at least one lane. */
  abstract void append(StringBuilder line, SassInstruction access);

  private static boolean isActive(SassInstruction access, int lane) {
    return (access.activeLanes() >>> lane & 1) != 0;
  }

  private static String first(SassInstruction access) {
    int lane = Integer.numberOfTrailingZeros(access.activeLanes());
    return "0x" + Long.toHexString(access.addresses()[lane]);
  }

  /** The one distance of lanes that follow each other without gaps; null if there is none. */
  private static Long stride(SassInstruction access) {
    int first = Integer.numberOfTrailingZeros(access.activeLanes());
    int count = Integer.bitCount(access.activeLanes());
    if (first + count > LANES || !isActive(access, first + count - 1)) {
      return null;
    }
    long[] addresses = access.addresses();
    long stride = count > 1 ? addresses[first + 1] - addresses[first] : 0;
    for (int lane = first + 1; lane < first + count; lane++) {
      if (!isActive(access, lane) || addresses[lane] - addresses[lane - 1] != stride) {
        return null;
      }
    }
    return stride;
  }
}
