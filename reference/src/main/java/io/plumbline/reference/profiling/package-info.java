/** Measures the operators of a serving engine over the sizes of batches; knows no engine. */
package io.plumbline.reference.profiling;
