/** The tables in {@code results/}: their rows, how they are written and how Spark reads them. */
package io.plumbline.jobs.table;
