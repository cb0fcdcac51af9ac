/** A page over the Parquet files themselves, served on this machine. */
package io.plumbline.jobs.dashboard;
