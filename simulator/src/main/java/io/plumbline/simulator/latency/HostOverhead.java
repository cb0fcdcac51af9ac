package io.plumbline.simulator.latency;

/** Whether the time of the host counts. */
public enum HostOverhead {
  /** Devices never wait for the host. */
  NONE,
  /** Every iteration takes what the profile measured on the host besides. */
  PROFILED
}
