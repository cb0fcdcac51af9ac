/** Runs in the formats of other tools. */
package io.plumbline.jobs.export;
