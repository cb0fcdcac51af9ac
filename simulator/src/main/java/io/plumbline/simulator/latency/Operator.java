package io.plumbline.simulator.latency;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is timed by itself: a kernel of a transformer block, a transfer, a step of the host. */
public sealed interface Operator
    permits AttentionOperator,
        HostOperator,
        KernelOperator,
        LaunchedOperator,
        LayerOperator,
        PauseOperator,
        ReallmOperator,
        TokenOperator {

  /** Name in Vidur's profile columns and tables. */
  String profileName();

  /** All operators in the order in which Vidur trains them, on which its random numbers depend. */
  static List<Operator> inTrainingOrder() {
    List<Operator> operators = new ArrayList<>();
    Collections.addAll(operators, TokenOperator.values());
    Collections.addAll(operators, HostOperator.values());
    Collections.addAll(operators, AttentionOperator.values());
    return operators;
  }
}
