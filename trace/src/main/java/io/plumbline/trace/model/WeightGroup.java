package io.plumbline.trace.model;

/**
 * Matrices of a decoder that a checkpoint quantises or leaves alone together. The embedding, the
 * router of experts and the norms are in none: no engine quantises them.
 */
public enum WeightGroup {
  /** Projections of queries, keys, values and of attention's output. */
  ATTENTION,
  /** The plain MLP. */
  MLP,
  /** Experts that a router chooses. */
  EXPERTS,
  /** Experts that every token passes. */
  SHARED_EXPERTS,
  LM_HEAD
}
