/** Setups of Vidur as points of Plumbline. */
package io.plumbline.jobs.vidur;
