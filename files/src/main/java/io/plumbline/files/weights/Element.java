package io.plumbline.files.weights;

import java.nio.ByteBuffer;

/** How a safetensors file writes a number; the constants are its own names. */
enum Element {
  F32(4) {
    @Override
    float read(ByteBuffer bytes) {
      return bytes.getFloat();
    }
  },
  F16(2) {
    @Override
    float read(ByteBuffer bytes) {
      return half(bytes.getShort());
    }
  },
  BF16(2) {
    @Override
    float read(ByteBuffer bytes) {
      // The upper half of a float32.
      return Float.intBitsToFloat(bytes.getShort() << 16);
    }
  };

  private static final float SUBNORMAL_HALF = 0x1p-24f;

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** The next number of a buffer in little-endian order. */
  abstract float read(ByteBuffer bytes);

  /** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of mantissa. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0) {
      float magnitude = mantissa * SUBNORMAL_HALF;
      return sign == 0 ? magnitude : -magnitude;
    }
    // 0x1f is infinity or not a number, and stays so; else the bias is 15 here and 127 there.
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | mantissa << 13);
  }
}
