package io.plumbline.trace.kernel;

/** A kernel whose thread blocks come one after the other, in the order of their launch. */
public interface KernelTrace {
  KernelHeader header();

  /** The next thread block, or null after the last. */
  CtaTrace nextCta();
}
