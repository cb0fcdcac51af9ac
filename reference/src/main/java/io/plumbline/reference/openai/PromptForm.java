package io.plumbline.reference.openai;

/** What prompts are made of. */
public enum PromptForm {
  /** Token ids: exact, since nothing is tokenized. Only {@link Api#COMPLETIONS} takes them. */
  TOKEN_IDS,
  /**
   * English words that are one token each for this server, which is found out by its own counts
   * before the run.
   */
  TEXT
}
