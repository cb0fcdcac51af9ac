/** Requests as Vidur generates them, to the last bit of every arrival. */
package io.plumbline.trace.workload.vidur;
