package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * Time of one operator in one iteration on one stage. Calls times the time of each, added up over
 * the operators, is how long the stage was busy.
 *
 * @param replica replica, from 0
 * @param stage pipeline stage, from 0
 * @param iteration number of the batch in its run, from 0
 * @param operator name of the operator
 * @param callNanos time of one call in ns
 * @param calls calls in the iteration, such as one per layer of the stage
 */
public record OperatorTime(
    int replica, int stage, long iteration, String operator, double callNanos, int calls)
    implements Serializable {}
