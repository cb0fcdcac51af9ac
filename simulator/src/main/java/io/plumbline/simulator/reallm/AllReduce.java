package io.plumbline.simulator.reallm;

/** ReaLLM's collectives: constants of an H100's links, whatever the device. */
public enum AllReduce {
  /** In-switch reduction, whatever the number of devices. */
  MULTISHOT {
    @Override
    double seconds(double bytes, int devices) {
      return 2 * (LINK_SECONDS + SECONDS_PER_BYTE * bytes);
    }
  },
  RING {
    @Override
    double seconds(double bytes, int devices) {
      return 2 * (devices - 1) * (LINK_SECONDS + SECONDS_PER_BYTE * bytes / devices);
    }
  },
  /** Rings along both sides of a square of devices. */
  RING_2D {
    @Override
    double seconds(double bytes, int devices) {
      double side = Math.ceil(Math.sqrt(devices));
      return 2 * (side - 1) * (2 * LINK_SECONDS + SECONDS_PER_BYTE * bytes / side);
    }
  },
  NONE {
    @Override
    double seconds(double bytes, int devices) {
      return 0;
    }
  };

  private static final double LINK_SECONDS = 0.92e-6;
  private static final double SECONDS_PER_BYTE = 1 / 450e9;

  /** Time of one all-reduce among more than one device. */
  abstract double seconds(double bytes, int devices);
}
