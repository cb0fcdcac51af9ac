/** How much load a deployment bears: service level objectives, and the search for the limit. */
package io.plumbline.simulator.capacity;
