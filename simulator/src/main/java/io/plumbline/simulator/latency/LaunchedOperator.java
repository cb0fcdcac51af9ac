package io.plumbline.simulator.latency;

import java.io.Serializable;

/**
 * An operator as it is when the host launches it by itself, outside of a CUDA graph: its time is
 * then the longer of launching and running.
 *
 * @param of the operator
 */
record LaunchedOperator(Operator of) implements Operator, Serializable {
  @Override
  public String profileName() {
    return "launched." + of.profileName();
  }
}
