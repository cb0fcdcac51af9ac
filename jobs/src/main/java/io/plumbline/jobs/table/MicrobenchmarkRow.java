package io.plumbline.jobs.table;

/**
 * A row of the table {@code microbenchmark}: one latency or throughput of one unit of a device, as
 * a program measured it that does nothing else.
 */
public record MicrobenchmarkRow(
    @Column("the source; see source") String sourceId,
    @Column(value = "name of the device, as the source has it", absent = "unknown") String device,
    @Column("name of the program") String program,
    @Column(value = "which of several cases of the program", absent = "it has one") String variant,
    @Column("what was measured, as the source has it") String metric,
    @Column("unit of the value, e.g. cycles or byte/clk/SM") String unit,
    @Column("the value, in its unit") double value,
    @Column(value = "cycles that the measurement took", absent = "not given") Long cycles) {

  /** The same row of a source; on a device, if the row names none. */
  public MicrobenchmarkRow of(String ofSource, String onDevice) {
    return new MicrobenchmarkRow(
        ofSource,
        device == null ? onDevice : device,
        program,
        variant,
        metric,
        unit,
        value,
        cycles);
  }

  /** The same row with the cycles that the measurement took. */
  public MicrobenchmarkRow took(Long measuredCycles) {
    return new MicrobenchmarkRow(
        sourceId, device, program, variant, metric, unit, value, measuredCycles);
  }
}
