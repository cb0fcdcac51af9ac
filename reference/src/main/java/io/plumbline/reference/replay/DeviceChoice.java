package io.plumbline.reference.replay;

/** Which device a run asks for. */
public enum DeviceChoice {
  /** The first GPU if the engine sees one, else the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** The first GPU; an engine that sees none refuses to start. */
  GPU0
}
