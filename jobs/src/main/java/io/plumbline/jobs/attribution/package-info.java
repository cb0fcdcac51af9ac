/** Why a simulated run is off: which part of a request's time, with what, and what to look at. */
package io.plumbline.jobs.attribution;
