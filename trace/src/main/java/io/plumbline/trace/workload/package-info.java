/** What comes in: requests, their arrivals and lengths. */
package io.plumbline.trace.workload;
