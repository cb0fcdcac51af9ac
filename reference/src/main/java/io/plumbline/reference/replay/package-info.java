/** Replaying a workload in real time, whatever engine serves it. */
package io.plumbline.reference.replay;
