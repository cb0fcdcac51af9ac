/** The shell over the tables, and what it shares with one-shot queries. */
package io.plumbline.jobs.sql;
