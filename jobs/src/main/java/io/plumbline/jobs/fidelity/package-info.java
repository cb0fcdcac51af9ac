/** The fidelity matrix: simulators against measured runs, with intervals, floors and decisions. */
package io.plumbline.jobs.fidelity;
