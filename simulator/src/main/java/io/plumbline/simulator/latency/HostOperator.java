package io.plumbline.simulator.latency;

/** Work of the host per iteration, whose time depends on the number of requests. */
public enum HostOperator implements Operator {
  SCHEDULE("schedule"),
  SAMPLER_E2E("sampler_e2e"),
  PREPARE_INPUTS_E2E("prepare_inputs_e2e"),
  PROCESS_MODEL_OUTPUTS("process_model_outputs"),
  RAY_COMM_TIME("ray_comm_time");

  private final String profileName;

  HostOperator(String profileName) {
    this.profileName = profileName;
  }

  @Override
  public String profileName() {
    return profileName;
  }
}
