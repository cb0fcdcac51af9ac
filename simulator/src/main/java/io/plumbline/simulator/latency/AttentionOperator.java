package io.plumbline.simulator.latency;

/** The attention kernels, whose time depends on two sizes. */
public enum AttentionOperator implements Operator {
  /** Over (context before the chunk, square of the chunk's tokens). */
  PREFILL("attn_prefill"),
  /** Over (requests in decode, context per request). */
  DECODE("attn_decode");

  private final String profileName;

  AttentionOperator(String profileName) {
    this.profileName = profileName;
  }

  @Override
  public String profileName() {
    return profileName;
  }
}
