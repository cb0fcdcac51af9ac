package io.plumbline.jobs.vidur;

import io.plumbline.files.vidur.VidurConfig.Device;
import io.plumbline.files.vidur.VidurConfig.Model;
import java.util.List;

/**
 * What Vidur looks up by name and no card here has as Vidur has it: for setups that come as flags,
 * without the numbers that a {@code config.json} of Vidur states.
 *
 * @see <a href="https://github.com/microsoft/vidur/tree/7d47513/vidur/config">Vidur's tables</a>
 */
final class VidurTable {
  private static final List<Device> DEVICES =
      List.of(
          new Device("a40", 150, 45), new Device("a100", 312, 80), new Device("h100", 1000, 80));

  private static final List<Model> MODELS =
      List.of(
          new Model(
              "internlm/internlm2-20b",
              48,
              48,
              8,
              6144,
              16384,
              32768,
              true,
              false,
              true,
              92544,
              null),
          new Model(
              "microsoft/phi-2", 32, 32, 32, 2560, 10240, 2048, false, true, false, 51200, null));

  private VidurTable() {}

  /** The device of a name; null if there is none. */
  static Device device(String name) {
    return DEVICES.stream().filter(d -> d.name().equals(name)).findFirst().orElse(null);
  }

  /** The model of a name; null if there is none. */
  static Model model(String name) {
    return MODELS.stream().filter(m -> m.name().equals(name)).findFirst().orElse(null);
  }
}
