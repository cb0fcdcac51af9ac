/**
 * Importers: one class per kind of files that others leave behind, and how they reach the tables.
 */
package io.plumbline.jobs.ingest;
