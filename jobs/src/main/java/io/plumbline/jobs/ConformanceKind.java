package io.plumbline.jobs;

/** Simulators whose recorded runs can be replayed. */
enum ConformanceKind {
  /** Vidur (MLSys'24). */
  VIDUR("vidur");

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
