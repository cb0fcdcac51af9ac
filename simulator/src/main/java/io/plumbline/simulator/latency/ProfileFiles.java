package io.plumbline.simulator.latency;

import java.io.Serializable;

/**
 * Profile files that are not where Vidur's layout has them: path templates in which {@code
 * {DEVICE}}, {@code {MODEL}} and {@code {NETWORK_DEVICE}} stand for the names of a deployment. Each
 * is null for the file of the layout.
 *
 * @param compute times by tokens; Vidur's {@code compute_input_file}
 * @param attention likewise {@code attention_input_file}
 * @param allReduce likewise {@code all_reduce_input_file}
 * @param sendRecv likewise {@code send_recv_input_file}
 * @param cpuOverhead likewise {@code cpu_overhead_input_file}
 */
public record ProfileFiles(
    String compute, String attention, String allReduce, String sendRecv, String cpuOverhead)
    implements Serializable {

  /** Vidur's layout throughout. */
  public static ProfileFiles defaults() {
    return new ProfileFiles(null, null, null, null, null);
  }
}
