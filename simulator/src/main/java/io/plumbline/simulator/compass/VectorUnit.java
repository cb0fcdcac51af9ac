package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * The vector units of one core together.
 *
 * @param flopsPerCycle of all lanes of all units
 * @param width lanes of one unit
 * @param count units
 * @param flopsPerExp operations that one exponential function takes
 * @param wordBytes bytes of the unit's own number format, which row operators count with
 */
public record VectorUnit(int flopsPerCycle, int width, int count, int flopsPerExp, int wordBytes)
    implements Serializable {

  public VectorUnit {
    Check.positive("flopsPerCycle", flopsPerCycle);
    Check.positive("width", width);
    Check.positive("count", count);
    Check.positive("flopsPerExp", flopsPerExp);
    Check.positive("wordBytes", wordBytes);
  }

  /** Operations of one lane in a cycle. */
  long flopsPerLane() {
    return (long) Math.ceil((double) flopsPerCycle / width / count);
  }
}
