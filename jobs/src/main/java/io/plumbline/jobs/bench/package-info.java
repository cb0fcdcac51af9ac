/** How fast the simulator is. */
package io.plumbline.jobs.bench;
