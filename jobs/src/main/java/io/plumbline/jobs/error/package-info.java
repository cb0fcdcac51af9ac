/** How far a simulated run is from the run it should have predicted. */
package io.plumbline.jobs.error;
