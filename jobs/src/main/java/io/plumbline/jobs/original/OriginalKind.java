package io.plumbline.jobs.original;

import java.util.List;
import java.util.stream.Stream;

/** The originals that a sweep may name, each with its adapter. */
enum OriginalKind {
  VIDUR("vidur-original", new VidurOriginal()),
  LLMCOMPASS("llmcompass-original", new LlmCompassOriginal()),
  REALLM("reallm-original", new ReallmOriginal()),
  BLIS("blis-original", new BlisOriginal());

  /** Our own simulator in a list of systems. */
  static final String OURS = "plumbline";

  private final String system;
  private final Original original;

  OriginalKind(String system, Original original) {
    this.system = system;
    this.original = original;
  }

  String system() {
    return system;
  }

  Original original() {
    return original;
  }

  /** Null if there is none. */
  static OriginalKind find(String system) {
    return Stream.of(values()).filter(kind -> kind.system.equals(system)).findFirst().orElse(null);
  }

  /** All systems, ours first. */
  static List<String> systems() {
    return Stream.concat(Stream.of(OURS), Stream.of(values()).map(OriginalKind::system)).toList();
  }
}
