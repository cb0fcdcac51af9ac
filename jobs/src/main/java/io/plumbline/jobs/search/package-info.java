/** Capacity searches: what a file asks for, the search on Spark, ranks and fronts. */
package io.plumbline.jobs.search;
