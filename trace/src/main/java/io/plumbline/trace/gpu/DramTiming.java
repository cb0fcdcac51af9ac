package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * DRAM timing parameters, in cycles of the DRAM clock, by their names in data sheets.
 *
 * @param ccd column to column
 * @param rrd activation to activation of another bank
 * @param rcd activation to column
 * @param ras activation to precharge
 * @param rp precharge to activation
 * @param rc activation to activation of the same bank
 * @param cl read latency
 * @param wl write latency
 * @param cdlr last write data to read
 * @param wr last write data to precharge
 * @param ccdl column to column in the same bank group
 * @param rtpl read to precharge in the same bank group
 */
public record DramTiming(
    int banks,
    int bankGroups,
    int ccd,
    int rrd,
    int rcd,
    int ras,
    int rp,
    int rc,
    int cl,
    int wl,
    int cdlr,
    int wr,
    int ccdl,
    int rtpl)
    implements Serializable {
  public DramTiming {
    if (banks < 1 || bankGroups < 1 || banks % bankGroups != 0) {
      throw new IllegalArgumentException(
          "banks (%d) must be a multiple of bank groups (%d)".formatted(banks, bankGroups));
    }
  }
}
