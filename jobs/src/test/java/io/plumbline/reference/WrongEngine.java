package io.plumbline.reference;

/** Stands for the engine, which is not on the classpath here. */
public final class WrongEngine {
  private WrongEngine() {}
}
