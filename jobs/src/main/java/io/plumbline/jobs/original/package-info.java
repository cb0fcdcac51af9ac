/** The simulators of others as systems of a sweep: their programs, run on our points. */
package io.plumbline.jobs.original;
