package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * A hardware description: equal devices and what joins them.
 *
 * @param name what people call it
 * @param links null if nothing is known of them
 * @param die null if the area cannot be told
 */
public record HardwareSystem(String name, Accelerator device, DeviceLinks links, Die die)
    implements Serializable {}
