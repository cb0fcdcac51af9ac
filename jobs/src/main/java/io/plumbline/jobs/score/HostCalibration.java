package io.plumbline.jobs.score;

import io.plumbline.files.BadInputException;
import io.plumbline.simulator.latency.HostBoundSpec;
import io.plumbline.simulator.latency.LaunchTerms;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.StepTerms;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Fits the host's terms to the points of a grid: what an iteration costs besides launching, and
 * what launching its kernels takes. The predictor of the kernels is not touched.
 */
public final class HostCalibration {
  /**
   * Steps to begin with, in microseconds: per step, sequence, layer and collective. Half of what an
   * iteration of an 8B model without graphs takes, shared out. Prompt tokens are the devices'
   * business: what the host does for them is nothing beside it.
   */
  private static final double[] FIRST_STEPS = {2000, 20, 100, 20};

  private static final int HALVINGS = 3;

  /** A point that is hopeless, as one whose queue grows without end, counts no more than this. */
  private static final double MOST_PERCENT = 100;

  private static final List<Latencies.Statistic> FITTED =
      List.of(
          Latencies.Statistic.TTFT_P50, Latencies.Statistic.TBT_P50, Latencies.Statistic.E2E_P50);

  private HostCalibration() {}

  /**
   * What one fit predicts.
   *
   * @param model null for all models of the device
   */
  private record Group(String grid, String device, String model) {}

  /**
   * A fold for each device of each grid, and where models are left out for each of its models.
   * Devices without points here have one as well: whoever has their points can score them.
   *
   * @throws BadInputException if a predictor has no such terms
   */
  public static List<CalibrationCard.HostFold> folds(ScoredGrids grids, LeaveOut leaveOut) {
    Set<Group> groups = new LinkedHashSet<>();
    for (ScoredPoint point : grids.points()) {
      String model = leaveOut == LeaveOut.DEVICE ? null : point.model();
      groups.add(new Group(point.grid(), point.device(), model));
    }
    if (leaveOut == LeaveOut.DEVICE) {
      grids.absent().forEach(a -> groups.add(new Group(a.grid(), a.device(), null)));
    }
    return groups.stream().map(group -> fold(group, grids.points(), leaveOut)).toList();
  }

  private static CalibrationCard.HostFold fold(
      Group group, List<ScoredPoint> points, LeaveOut leaveOut) {
    List<ScoredPoint> ofGrid = points.stream().filter(p -> p.grid().equals(group.grid())).toList();
    List<ScoredPoint> training =
        ofGrid.stream()
            .filter(point -> leaveOut.trains(point, group.device(), group.model()))
            .toList();
    Fit fit = fit(training, hostBound(ofGrid.get(0)));
    return new CalibrationCard.HostFold(
        group.grid(),
        group.device(),
        group.model(),
        described(training),
        fit.host(),
        fit.launch(),
        fit.before(),
        fit.after());
  }

  /** Terms, and the error of the training points without and with them. */
  private record Fit(StepTerms host, LaunchTerms launch, Double before, Double after) {}

  private static Fit fit(List<ScoredPoint> training, HostBoundSpec given) {
    if (training.isEmpty()) {
      return new Fit(given.host(), given.launch(), null, null);
    }
    training.forEach(HostCalibration::hostBound);
    double before = error(training, ScoredPoint::predictOnce);
    PatternSearch search =
        new PatternSearch(FIRST_STEPS, HALVINGS, terms -> error(training, predictedBy(terms)));
    double[] best = search.from(FIRST_STEPS);
    return new Fit(host(best), launch(best), before, search.error());
  }

  private static Function<ScoredPoint, Latencies> predictedBy(double[] terms) {
    return point -> point.with(hostBound(point).onHost(host(terms), launch(terms))).predictOnce();
  }

  private static StepTerms host(double[] terms) {
    return new StepTerms(terms[0], terms[1], 0);
  }

  private static LaunchTerms launch(double[] terms) {
    return new LaunchTerms(terms[2], terms[3]);
  }

  static HostBoundSpec hostBound(ScoredPoint point) {
    PredictorSpec predictor = point.spec().predictor();
    if (predictor instanceof HostBoundSpec spec) {
      return spec;
    }
    throw new BadInputException(
        "grid %s: its predictor has no terms of a host to fit. Maybe predictor: {kind: host_bound, kernels: …}"
            .formatted(point.grid()));
  }

  /** Mean over the points and the fitted statistics, in percent. */
  private static double error(
      List<ScoredPoint> points, Function<ScoredPoint, Latencies> prediction) {
    double[] errors =
        points.parallelStream()
            .mapToDouble(point -> error(point, prediction.apply(point)))
            .toArray();
    double sum = 0;
    // One after the other, so that the sum does not depend on how many threads there were.
    for (double error : errors) {
      sum += error;
    }
    return sum / errors.length;
  }

  private static double error(ScoredPoint point, Latencies predicted) {
    double sum = 0;
    for (Latencies.Statistic statistic : FITTED) {
      Double error = predicted.percentError(point.measured().latencies(), statistic);
      sum += error == null ? 0 : Math.min(MOST_PERCENT, Math.abs(error));
    }
    return sum / FITTED.size();
  }

  /** Device and model, and how many points of them. */
  private static List<String> described(List<ScoredPoint> training) {
    Map<String, Integer> counts = new TreeMap<>();
    training.forEach(p -> counts.merge(p.device() + ", " + p.model(), 1, Integer::sum));
    List<String> text = new ArrayList<>();
    counts.forEach((what, count) -> text.add("%s: %d points".formatted(what, count)));
    return text;
  }
}
