package io.plumbline.trace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over typed fields; every field is length-prefixed or fixed-width, so none can blur. */
public final class Sha256 {
  private static final int SHORT_HEX_CHARS = 16;

  private final MessageDigest digest;
  private final ByteBuffer eightBytes = ByteBuffer.allocate(Long.BYTES);

  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public Sha256 putLong(long value) {
    digest.update(eightBytes.putLong(0, value).array());
    return this;
  }

  public Sha256 putText(String text) {
    return putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public Sha256 putBytes(byte[] bytes) {
    putLong(bytes.length);
    digest.update(bytes);
    return this;
  }

  /** All 64 hex digits; ends this hash. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The first 16 hex digits (64 bits): enough to tell a million runs apart; ends this hash. */
  public String shortHex() {
    return hex().substring(0, SHORT_HEX_CHARS);
  }
}
