package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * Which slice of L2, and which bank and row of DRAM, an address belongs to.
 *
 * @param channels memory channels
 * @param slicesPerChannel slices of L2 at each
 * @param channelBit the lowest address bit of the channel
 * @param bankMask bits of the bank, in the address without its channel
 * @param rowMask bits of the row, in the address without its channel
 * @param hashed whether the slice is hashed by polynomials
 */
public record AddressMapping(
    int channels, int slicesPerChannel, int channelBit, long bankMask, long rowMask, boolean hashed)
    implements Serializable {
  public AddressMapping {
    if (channels < 1 || slicesPerChannel < 1 || Integer.bitCount(slicesPerChannel) != 1) {
      throw new IllegalArgumentException(
          "channels (%d) must be positive, slicesPerChannel (%d) a power of two"
              .formatted(channels, slicesPerChannel));
    }
    if (hashed && !PolynomialHash.isDefinedFor(channels * slicesPerChannel)) {
      throw new IllegalArgumentException(
          "a hashed mapping has 16, 32 or 64 slices, not %d"
              .formatted(channels * slicesPerChannel));
    }
  }

  public int slices() {
    return channels * slicesPerChannel;
  }

  public int slice(long address) {
    long above = address >>> channelBit;
    int channel = (int) (above % channels);
    int plain = channel * slicesPerChannel + (bank(address) & slicesPerChannel - 1);
    if (!hashed) {
      return plain;
    }
    int slotBits = Integer.numberOfTrailingZeros(slices());
    return PolynomialHash.of(above >>> slotBits, plain, slices());
  }

  public int bank(long address) {
    return (int) packed(withoutChannel(address), bankMask);
  }

  public int row(long address) {
    return (int) packed(withoutChannel(address), rowMask);
  }

  /** The address that the slice's cache sees: without channel and slice. */
  public long withinSlice(long address) {
    long rest = withoutChannel(address);
    long banks = bankMask;
    int removed = 0;
    for (int left = slicesPerChannel; left > 1; left >>= 1) {
      int bit = Long.numberOfTrailingZeros(banks) - removed++;
      rest = ((rest >>> (bit + 1)) << bit) | (rest & ((1L << bit) - 1));
      banks &= banks - 1;
    }
    return rest;
  }

  private long withoutChannel(long address) {
    long low = address & (1L << channelBit) - 1;
    return (((address >>> channelBit) / channels) << channelBit) | low;
  }

  /** The bits of a value that a mask chooses, moved together. */
  private static long packed(long value, long mask) {
    long result = 0;
    int at = 0;
    for (long left = mask; left != 0; left &= left - 1) {
      result |= (value >>> Long.numberOfTrailingZeros(left) & 1) << at++;
    }
    return result;
  }
}
