package io.plumbline.simulator.metrics;

import java.util.Locale;

/**
 * Vidur's operation metrics, the columns of {@code operation_metrics.csv} and of its CPU sister.
 */
public enum VidurOperation {
  MLP_UP_PROJ("mlp_up_proj"),
  MLP_ACTIVATION("mlp_act"),
  MLP_DOWN_PROJ("mlp_down_proj"),
  MLP_DOWN_PROJ_ALL_REDUCE("all_reduce"),
  ATTN_PRE_PROJ("attn_pre_proj"),
  ATTN_POST_PROJ("attn_post_proj"),
  ATTN_POST_PROJ_ALL_REDUCE("all_reduce"),
  ATTN_PREFILL("attn_prefill"),
  ATTN_KV_CACHE_SAVE("attn_kv_cache_save"),
  ATTN_DECODE("attn_decode"),
  ATTN_ROPE("attn_rope"),
  PIPELINE_SEND_RECV("send_recv"),
  ADD("add"),
  INPUT_LAYERNORM("input_layernorm"),
  POST_ATTENTION_LAYERNORM("post_attention_layernorm"),
  SCHEDULE("schedule"),
  SAMPLE_E2E("sampler_e2e"),
  PREPARE_INPUTS_E2E("prepare_inputs_e2e"),
  /** The model's time on the stage, all operators together. */
  MODEL_EXECUTION_E2E(null),
  PROCESS_MODEL_OUTPUTS("process_model_outputs"),
  RAY_COMM_TIME("ray_comm_time");

  private final String operator;

  VidurOperation(String operator) {
    this.operator = operator;
  }

  /** Name of the column. */
  public String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The predictor's operator that it is; null if it is none. */
  String operator() {
    return operator;
  }

  /** Whether every layer is an entry of its own; the others have one entry per stage. */
  boolean perLayer() {
    return this != PIPELINE_SEND_RECV && compareTo(SCHEDULE) < 0;
  }

  /** Whether it has no entry where it takes no time; others have a zero. */
  boolean onlyIfPresent() {
    return this == ATTN_PREFILL || this == ATTN_DECODE;
  }
}
