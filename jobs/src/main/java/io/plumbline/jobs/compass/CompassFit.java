package io.plumbline.jobs.compass;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.ingest.AiConfiguratorKernelImporter;
import io.plumbline.jobs.ingest.Part;
import io.plumbline.jobs.report.TextTable;
import io.plumbline.jobs.report.TextTable.Align;
import io.plumbline.simulator.compass.CompassTuning;
import io.plumbline.simulator.compass.DecodeCurve;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.LinkCurve;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.MultivariateFunction;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Fits the curves of a {@link CompassTuning} to half of the kernels that were measured, by the mean
 * of |ln(predicted / measured)|, and scores them on the other half beside LLMCompass as it is.
 */
public final class CompassFit {
  private static final int MOST_STEPS = 20_000;

  /** How far the search goes at first, as a factor. */
  private static final double FIRST_STEP = 0.3;

  private final Map<TunedOperator, double[]> numbers = new EnumMap<>(TunedOperator.class);
  private final MeasuredKernels kernels;
  private final String hardware;

  private CompassFit(MeasuredKernels kernels, String hardware) {
    this.kernels = kernels;
    this.hardware = hardware;
  }

  /**
   * Reads what was measured and fits all curves.
   *
   * @param measured folder of aiconfigurator's kernel tables of one device
   * @throws BadInputException if a kind of kernels is not there, if they are of several devices, or
   *     if the hardware has no bandwidth of its memory
   */
  public static CompassFit of(Path measured, HardwareSystem system) {
    MeasuredKernels kernels;
    try {
      kernels = new MeasuredKernels(system);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
    AiConfiguratorKernelImporter importer = new AiConfiguratorKernelImporter();
    for (Part part : importer.parts(measured)) {
      if (MeasuredKernels.FILES.matcher(part.file().getFileName().toString()).matches()) {
        importer.read(part, kernels);
      }
    }
    if (kernels.devices().size() > 1) {
      throw new BadInputException(
          "%s has kernels of several devices: %s. Maybe name the folder of one of them."
              .formatted(measured, String.join(", ", kernels.devices())));
    }
    CompassFit fit = new CompassFit(kernels, system.name());
    for (TunedOperator operator : TunedOperator.values()) {
      MeasuredKernels.Halves halves = kernels.halves(operator);
      if (halves.fitted().isEmpty() || halves.held().isEmpty()) {
        throw new BadInputException(
            "%s has too few kernels of %s in 16 bits. Maybe fetch all tables of the device."
                .formatted(measured, operator.words()));
      }
      fit.numbers.put(operator, fitted(operator, halves.fitted()));
    }
    return fit;
  }

  /** Searches logarithms, so that nothing becomes negative; a sharpness below one counts as one. */
  private static double[] fitted(TunedOperator operator, List<TunedOperator.Kernel> kernels) {
    double[] start = operator.start();
    MultivariateFunction error =
        logs -> {
          double[] tried = numbers(operator, logs);
          double sum = 0;
          for (TunedOperator.Kernel kernel : kernels) {
            sum += Math.abs(Math.log(operator.seconds(tried, kernel) / kernel.measuredSeconds()));
          }
          return sum / kernels.size();
        };
    double[] best = IntStream.range(0, start.length).mapToDouble(i -> Math.log(start[i])).toArray();
    // A simplex may collapse; a new one from there goes on.
    for (int round = 0; round < 3; round++) {
      best =
          new SimplexOptimizer(1e-9, 1e-12)
              .optimize(
                  new MaxEval(MOST_STEPS),
                  new ObjectiveFunction(error),
                  GoalType.MINIMIZE,
                  new InitialGuess(best),
                  new NelderMeadSimplex(start.length, FIRST_STEP))
              .getPoint();
    }
    return numbers(operator, best);
  }

  private static double[] numbers(TunedOperator operator, double[] logs) {
    double[] numbers = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      // As many digits as are printed, so that what is printed is what was scored.
      numbers[i] = Double.parseDouble(String.format(Locale.ROOT, "%.3e", Math.exp(logs[i])));
    }
    if (operator == TunedOperator.PRODUCT || operator == TunedOperator.PREFILL) {
      numbers[3] = Math.min(1000, Math.max(1, numbers[3]));
    }
    return numbers;
  }

  /** What was fitted. */
  public CompassTuning tuning() {
    double[] decode = numbers.get(TunedOperator.DECODE);
    double[] link = numbers.get(TunedOperator.ALL_REDUCE);
    return new CompassTuning(
        TunedOperator.curve(numbers.get(TunedOperator.PRODUCT)),
        TunedOperator.curve(numbers.get(TunedOperator.PREFILL)),
        new DecodeCurve(decode[0], decode[1], decode[2], decode[3]),
        new LinkCurve(link[0], link[1]));
  }

  /** Median absolute relative errors on the half that nothing was fitted to, in plain text. */
  public String text() {
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
            List.of("kernels", "fitted", "scored", "llmcompass", "tuned", "tuned, signed"));
    for (TunedOperator operator : TunedOperator.values()) {
      MeasuredKernels.Halves halves = kernels.halves(operator);
      List<TunedOperator.Kernel> held = halves.held();
      table.add(
          List.of(
              operator.words(),
              String.valueOf(halves.fitted().size()),
              String.valueOf(held.size()),
              percent(
                  held.stream()
                      .mapToDouble(k -> Math.abs(k.originalSeconds() / k.measuredSeconds() - 1))),
              percent(held.stream().mapToDouble(k -> Math.abs(error(operator, k)))),
              percent(held.stream().mapToDouble(k -> error(operator, k)))));
    }
    return "measured on %s, described as %s; median absolute errors%n%n"
            .formatted(String.join(", ", kernels.devices()), hardware)
        + table.text();
  }

  private double error(TunedOperator operator, TunedOperator.Kernel kernel) {
    return operator.seconds(numbers.get(operator), kernel) / kernel.measuredSeconds() - 1;
  }

  private static String percent(DoubleStream errors) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * new Median().evaluate(errors.toArray()));
  }

  /** What was fitted, as a predictor of a sweep file has it. */
  public String yaml() {
    double[] product = numbers.get(TunedOperator.PRODUCT);
    double[] prefill = numbers.get(TunedOperator.PREFILL);
    double[] decode = numbers.get(TunedOperator.DECODE);
    double[] link = numbers.get(TunedOperator.ALL_REDUCE);
    return "tuning:%n".formatted()
        + bound("product", product)
        + bound("prefill", prefill)
        + "  decode: {launch_seconds: %s, memory_factor: %s, head_seconds: %s, longest_factor: %s}%n"
            .formatted(decode[0], decode[1], decode[2], decode[3])
        + "  all_reduce: {launch_seconds: %s, transfer_factor: %s}%n".formatted(link[0], link[1]);
  }

  private static String bound(String name, double[] curve) {
    return "  %s: {launch_seconds: %s, compute_factor: %s, memory_factor: %s, sharpness: %s}%n"
        .formatted(name, curve[0], curve[1], curve[2], curve[3]);
  }
}
