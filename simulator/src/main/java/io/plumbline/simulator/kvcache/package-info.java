/** The paged KV cache of a replica and how much memory it gets. */
package io.plumbline.simulator.kvcache;
