package io.plumbline.simulator.latency;

/** Attention of a transformer block, whose time depends on contexts. */
public enum AttentionOperator {
  PREFILL("attn_prefill"),
  DECODE("attn_decode");

  private final String profileName;

  AttentionOperator(String profileName) {
    this.profileName = profileName;
  }

  /** Name in Vidur's profile columns and tables. */
  public String profileName() {
    return profileName;
  }
}
