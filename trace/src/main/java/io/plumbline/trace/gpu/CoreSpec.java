package io.plumbline.trace.gpu;

import io.plumbline.trace.kernel.ExecutionUnit;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A streaming multiprocessor without its memory. Each warp scheduler has its own share of the
 * register banks and operand collectors and one unit of each kind.
 *
 * @param warps warps that are resident at most
 * @param ctas thread blocks that are resident at most
 * @param registers registers of 32 bits
 * @param sharedBytes shared memory
 * @param collectors operand collectors, of all schedulers together
 * @param registerBanks register banks, of all schedulers together
 * @param collectorPorts instructions of one unit that enter collectors in one step
 * @param operandSteps steps of the operand collectors in a cycle
 * @param fetchedWarps warps that get instructions in a cycle
 */
public record CoreSpec(
    int warps,
    int ctas,
    int registers,
    int sharedBytes,
    int schedulers,
    WarpOrder order,
    int collectors,
    int registerBanks,
    int collectorPorts,
    int operandSteps,
    int fetchedWarps,
    Map<ExecutionUnit, UnitTiming> units)
    implements Serializable {
  private static final int MOST_WARPS = 64;

  public CoreSpec {
    // In the order of the units: what is written of a GPU is the same in every JVM.
    units = Collections.unmodifiableMap(new EnumMap<>(units));
    if (warps < 1 || warps > MOST_WARPS || schedulers < 1 || warps % schedulers != 0) {
      throw new IllegalArgumentException(
          "warps (%d) must be a multiple of schedulers (%d), at most %d"
              .formatted(warps, schedulers, MOST_WARPS));
    }
    divides("collectors", collectors, schedulers);
    divides("registerBanks", registerBanks, schedulers);
    if (registerBanks > Long.SIZE || collectors > Integer.SIZE) {
      throw new IllegalArgumentException(
          "registerBanks (%d) must be at most %d and collectors (%d) at most %d"
              .formatted(registerBanks, Long.SIZE, collectors, Integer.SIZE));
    }
  }

  private static void divides(String what, int value, int schedulers) {
    if (value < schedulers || value % schedulers != 0) {
      throw new IllegalArgumentException(
          "%s (%d) must be a multiple of schedulers (%d)".formatted(what, value, schedulers));
    }
  }
}
