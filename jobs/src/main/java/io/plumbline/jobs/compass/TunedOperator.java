package io.plumbline.jobs.compass;

import io.plumbline.simulator.compass.BoundCurve;
import io.plumbline.simulator.compass.DecodeCurve;
import io.plumbline.simulator.compass.LinkCurve;

/** Kinds of kernels that a tuning has a curve for, each with as many numbers as its curve has. */
enum TunedOperator {
  PRODUCT("products", new double[] {5e-6, 1, 1, 2}) {
    @Override
    double seconds(double[] numbers, Kernel kernel) {
      return curve(numbers).seconds(kernel.first(), kernel.second());
    }
  },
  PREFILL("attention, prefill", new double[] {1e-5, 1.5, 1.5, 2}) {
    @Override
    double seconds(double[] numbers, Kernel kernel) {
      return curve(numbers).seconds(kernel.first(), kernel.second());
    }
  },
  DECODE("attention, decode", new double[] {1e-5, 1, 3e-8, 0.01}) {
    @Override
    double seconds(double[] numbers, Kernel kernel) {
      return new DecodeCurve(numbers[0], numbers[1], numbers[2], numbers[3])
          .seconds(kernel.first(), (long) kernel.second(), kernel.third());
    }
  },
  ALL_REDUCE("all-reduce", new double[] {5e-6, 1}) {
    @Override
    double seconds(double[] numbers, Kernel kernel) {
      return new LinkCurve(numbers[0], numbers[1]).seconds(kernel.first());
    }
  };

  private final String words;
  private final double[] start;

  TunedOperator(String words, double[] start) {
    this.words = words;
    this.start = start;
  }

  /**
   * A measured kernel and what is known of it.
   *
   * @param measuredSeconds of the device
   * @param originalSeconds that LLMCompass predicts, launch overheads included
   * @param first computing in seconds; of decodes memory traffic, of all-reduces transfers
   * @param second memory traffic in seconds; of decodes the number of heads
   * @param third of decodes one core reading the longest context; of others 0
   */
  record Kernel(
      double measuredSeconds, double originalSeconds, double first, double second, double third) {}

  /** As people say it. */
  String words() {
    return words;
  }

  /** Numbers of the curve from which a search may begin. */
  double[] start() {
    return start.clone();
  }

  /** The time of a kernel by a curve of these numbers. */
  abstract double seconds(double[] numbers, Kernel kernel);

  static BoundCurve curve(double[] numbers) {
    return new BoundCurve(numbers[0], numbers[1], numbers[2], numbers[3]);
  }
}
