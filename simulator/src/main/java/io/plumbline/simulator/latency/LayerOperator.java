package io.plumbline.simulator.latency;

/**
 * What LLMServingSim's profiler measures of one layer, and of what stands before and after all
 * layers: one device's share, in microseconds.
 *
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, profiler</a>
 */
public enum LayerOperator implements Operator {
  EMBEDDING("embedding"),
  /** Before attention and before the MLP. */
  LAYERNORM("layernorm"),
  QKV_PROJ("qkv_proj"),
  QK_NORM("qk_norm"),
  ROTARY_EMB("rotary_emb"),
  O_PROJ("o_proj"),
  GATE_UP_PROJ("gate_up_proj"),
  ACT_FN("act_fn"),
  DOWN_PROJ("down_proj"),
  FINAL_LAYERNORM("final_layernorm"),
  /** Over sequences. */
  LM_HEAD("lm_head"),
  /** Over sequences. */
  SAMPLER("sampler"),
  /** Over (prefill tokens, their context, decodes, context per decode); 0 for absent. */
  ATTENTION("attention"),
  /** Over (experts that are used, tokens). */
  MOE("moe"),
  /**
   * Share of the way from the time at the mean context to that at the longest, over the upper
   * bounds of (prefill tokens, decodes, where the mean lies between shortest and longest, longest
   * context, context of the prefill).
   */
  SKEW("skew"),
  /** The same, of no bucket in particular. */
  SKEW_DEFAULT("skew_default");

  private final String profileName;

  LayerOperator(String profileName) {
    this.profileName = profileName;
  }

  @Override
  public String profileName() {
    return profileName;
  }
}
