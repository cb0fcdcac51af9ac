package io.plumbline.reference.profiling;

/** What a profile times in one forward pass, by its name in Vidur's profiles where they have it. */
public enum ProfiledOperator {
  /** Rows of the embedding and of the table of rotary positions; once per forward. */
  EMB("emb"),
  INPUT_LAYERNORM("input_layernorm"),
  /** Projection of queries, keys and values. */
  ATTN_PRE_PROJ("attn_pre_proj"),
  /** Rotary positions, and the norms of queries and keys where the model has them. */
  ATTN_ROPE("attn_rope"),
  /** Keys and values into the cache. */
  ATTN_KV_CACHE_SAVE("attn_kv_cache_save"),
  /** Attention, reading the cache included: of a prefill or of decodes, as the batch is. */
  ATTENTION("attention"),
  ATTN_POST_PROJ("attn_post_proj"),
  POST_ATTENTION_LAYERNORM("post_attention_layernorm"),
  /** Up projection, and that of the gate. */
  MLP_UP_PROJ("mlp_up_proj"),
  MLP_ACT("mlp_act"),
  MLP_DOWN_PROJ("mlp_down_proj"),
  /** Both residual additions of a block. */
  ADD("add"),
  /** Last norm and LM head, of the rows that give a token; once per forward. */
  LM_HEAD("lm_head"),
  /** What calling the model costs besides its operators; once per forward. */
  CALL("call");

  private final String profileName;

  ProfiledOperator(String profileName) {
    this.profileName = profileName;
  }

  /** Name in files. */
  public String profileName() {
    return profileName;
  }

  /** Whether every layer has it, so that its time is that of one layer. */
  public boolean inEveryLayer() {
    return this != EMB && this != LM_HEAD && this != CALL;
  }
}
