/** Readers of measured operator profiles. */
package io.plumbline.jobs.profile;
