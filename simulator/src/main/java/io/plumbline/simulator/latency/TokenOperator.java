package io.plumbline.simulator.latency;

/** Operators of a transformer block whose time depends on the number of tokens alone. */
public enum TokenOperator implements Operator {
  ATTN_PRE_PROJ("attn_pre_proj"),
  ATTN_POST_PROJ("attn_post_proj"),
  MLP_UP_PROJ("mlp_up_proj"),
  MLP_DOWN_PROJ("mlp_down_proj"),
  MLP_ACT("mlp_act"),
  INPUT_LAYERNORM("input_layernorm"),
  POST_ATTENTION_LAYERNORM("post_attention_layernorm"),
  ATTN_ROPE("attn_rope"),
  ADD("add"),
  ATTN_KV_CACHE_SAVE("attn_kv_cache_save"),
  SEND_RECV("send_recv"),
  ALL_REDUCE("all_reduce");

  private final String profileName;

  TokenOperator(String profileName) {
    this.profileName = profileName;
  }

  @Override
  public String profileName() {
    return profileName;
  }
}
