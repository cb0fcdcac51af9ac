/** Real runs, made in a JVM of their own. */
package io.plumbline.jobs.measure;
