package io.plumbline.jobs.table;

/**
 * A row of the table {@code kernel_timing}: what one kernel took and used, by a device's counters
 * or by a simulator of the device.
 */
public record KernelTimingRow(
    @Column("the source; see source") String sourceId,
    @Column("simulated or measured") String origin,
    @Column(value = "name of the device, as the source has it", absent = "unknown") String device,
    @Column(
            value = "what measured or simulated it, e.g. nsight-compute or accel-sim",
            absent = "unknown")
        String tool,
    @Column(value = "mode of the tool, e.g. SASS_SIM", absent = "it has none") String variant,
    @Column(value = "collection that the program is from", absent = "unknown") String suite,
    @Column(value = "program that launched the kernel", absent = "unknown") String program,
    @Column(
            value = "configuration of the simulated device, and what was changed in it",
            absent = "measured, or not given")
        String configuration,
    @Column("name of the kernel, as the source has it") String kernel,
    @Column(value = "position of the kernel in its run, from 1", absent = "not given")
        Integer position,
    @Column(value = "what it ran on, as the source says it", absent = "not given") String shape,
    @Column(value = "kernels whose numbers are added up", absent = "not given, mostly one")
        Integer kernels,
    @Column(value = "cycles from start to end; a mean may be fractional", absent = "not given")
        Double cycles,
    @Column(value = "cycles by the clock of the cores; ns", absent = "not given") Double timeNs,
    @Column(value = "instructions of warps executed", absent = "not given") Double warpInstructions,
    @Column(
            value = "instructions of warps per cycle, of the whole device",
            absent = "instructions or cycles are not given")
        Double ipc,
    @Column(value = "part of reads that hit L1; 1", absent = "not given, or no reads")
        Double l1ReadHitRate,
    @Column(value = "part of reads that hit L2; 1", absent = "not given, or no reads")
        Double l2ReadHitRate,
    @Column(value = "part of DRAM's peak throughput that was used; 1", absent = "not given")
        Double dramUtilization,
    @Column(
            value = "part of the warp schedulers' cycles in which a unit was not free; 1",
            absent = "not given")
        Double unitStallShare,
    @Column(
            value = "part of the warp schedulers' cycles in which all warps waited for results; 1",
            absent = "not given")
        Double scoreboardStallShare,
    @Column(
            value = "part of the warp schedulers' cycles in which no warp had an instruction; 1",
            absent = "not given")
        Double idleShare,
    @Column(
            value = "cycles that the simulator did per second of the run so far; 1/s",
            absent = "measured, or not given")
        Double simulatedCyclesPerSecond,
    @Column(value = "mean power of the device; W", absent = "not given") Double meanPowerWatts,
    @Column(
            value = "other counters under the source's own names, as a JSON object",
            absent = "nothing else is given")
        String countersJson,
    @Column(
            "completed; or torn, truncated, refused, deadlocked, stopped, crashed or killed: what"
                + " became of a simulation that gave no cycles")
        String outcome,
    @Column(value = "why it did not complete", absent = "it did") String message) {}
