/** Which axes of a sweep move a metric, as plain arithmetic over a full grid. */
package io.plumbline.jobs.sensitivity;
