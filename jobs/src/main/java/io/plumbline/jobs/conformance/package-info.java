/** Checks that a simulator gives what the original of it gave, case by case. */
package io.plumbline.jobs.conformance;
