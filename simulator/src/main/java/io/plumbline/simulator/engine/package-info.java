/** The event kernel. */
package io.plumbline.simulator.engine;
