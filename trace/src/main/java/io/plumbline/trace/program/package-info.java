/**
 * Kernels that follow from parameters: instruction streams as compilers make them, tile by tile.
 */
package io.plumbline.trace.program;
