/** Parameter sweeps: from a file to points, from points to tasks, from tasks to tables. */
package io.plumbline.jobs.sweep;
