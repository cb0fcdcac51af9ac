package io.plumbline.simulator.reallm;

/** Which of several answers of a look-up is taken. */
public enum TieChoice {
  /** Of the first row of the file, or the first triangle. */
  FIRST,
  LOWEST,
  HIGHEST
}
