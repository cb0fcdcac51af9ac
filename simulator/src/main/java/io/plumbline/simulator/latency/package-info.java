/** How long a batch takes: predictors and what they are made of. */
package io.plumbline.simulator.latency;
