package io.plumbline.jobs;

/** Originals whose recorded runs can be replayed. */
enum ConformanceKind {
  /** Vidur (MLSys'24). */
  VIDUR("vidur"),
  /** The scheduler of vLLM v1. */
  VLLM_V1("vllm-v1"),
  /** Accel-Sim (ISCA'20), against our trace-driven SM. */
  ACCELSIM("accelsim"),
  /** LLMCompass (ISCA'24). */
  LLMCOMPASS("llmcompass"),
  /** ReaLLM's times of iterations. */
  REALLM("reallm");

  private final String word;

  ConformanceKind(String word) {
    this.word = word;
  }

  /** The word on the command line; picocli lists it as well. */
  @Override
  public String toString() {
    return word;
  }
}
