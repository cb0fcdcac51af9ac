/** Simulated runs against measured ones, request by request, and what is fitted to them. */
package io.plumbline.jobs.score;
