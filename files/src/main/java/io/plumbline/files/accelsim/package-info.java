/**
 * Accel-Sim's files: kernel traces, lists of kernels and GPU configurations.
 *
 * @see <a href="https://github.com/accel-sim/accel-sim-framework">accel-sim-framework</a>
 */
package io.plumbline.files.accelsim;
