/** Other people's programs as isolated processes with limits. */
package io.plumbline.jobs.process;
