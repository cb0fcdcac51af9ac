/** A GPU as a cycle-level model sees it: cores, caches, network and DRAM, in cycles and bytes. */
package io.plumbline.trace.gpu;
