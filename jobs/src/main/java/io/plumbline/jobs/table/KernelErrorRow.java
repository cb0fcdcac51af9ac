package io.plumbline.jobs.table;

/**
 * A row of the view {@code kernel_error}. The error of a simulator against a device, and that of a
 * model against the simulator that it follows, are different errors and different rows.
 */
public record KernelErrorRow(
    @Column("measured: the reference is the device; simulated: it is Accel-Sim")
        String referenceOrigin,
    @Column(value = "what measured or simulated the reference", absent = "unknown")
        String referenceTool,
    @Column(value = "what is judged", absent = "unknown") String simulatedTool,
    @Column(value = "name of the device", absent = "unknown on both sides") String device,
    @Column(value = "configuration of the simulated device", absent = "not given")
        String configuration,
    @Column(value = "program that launched the kernel", absent = "unknown on both sides")
        String program,
    @Column("name of the kernel, as the simulated side has it") String kernel,
    @Column(value = "position of the kernel in its run, from 1", absent = "not given")
        Integer position,
    @Column(
            "cycles, warp_instructions, l1_read_hit_rate, l2_read_hit_rate or dram_utilization, in"
                + " the units of kernel_timing")
        String metric,
    @Column("value of the reference") double referenceValue,
    @Column("value of the simulation") double simulatedValue,
    @Column(value = "100 * (simulated - reference) / reference; %", absent = "the reference is 0")
        Double percentError) {}
