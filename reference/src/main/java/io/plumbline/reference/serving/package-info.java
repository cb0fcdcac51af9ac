/**
 * A serving engine without its model: continuous batching over a paged KV cache, by a clock and a
 * {@link io.plumbline.reference.serving.ModelExecutor} that are given to it.
 */
package io.plumbline.reference.serving;
