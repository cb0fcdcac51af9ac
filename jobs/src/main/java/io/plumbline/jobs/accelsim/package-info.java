/** Kernels in Accel-Sim, and in our model of it, from files that say which traces on which GPUs. */
package io.plumbline.jobs.accelsim;
