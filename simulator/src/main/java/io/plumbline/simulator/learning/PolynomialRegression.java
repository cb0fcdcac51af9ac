package io.plumbline.simulator.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Searches the grid of a {@link PolynomialSpec} and fits the chosen polynomial.
 *
 * <p>The rows of each fold are reduced once to the triangle of all terms and the target. Every fit
 * of the search is then a small problem on columns of the triangles of the other folds. Since the
 * first term is the constant, what lies below the first row of a triangle is the triangle of the
 * centred terms.
 */
final class PolynomialRegression {
  private final PolynomialSpec spec;
  private final Samples samples;
  private final Folds folds;
  private final List<Term> terms;

  /** By row: all terms, then the target. */
  private final double[][] design;

  PolynomialRegression(PolynomialSpec spec, Samples samples) {
    this.spec = spec;
    this.samples = samples;
    folds = new Folds(samples.rows(), spec.folds());
    double[] x = samples.features()[0];
    double[] y = samples.features()[samples.features().length - 1];
    terms = Term.upTo(Collections.max(spec.degree()), samples.features().length);
    design = new double[samples.rows()][terms.size() + 1];
    for (int row = 0; row < design.length; row++) {
      for (int t = 0; t < terms.size(); t++) {
        double value = terms.get(t).at(x[row], y[row]);
        if (!Double.isFinite(value * value * samples.rows())) {
          throw new IllegalArgumentException(
              "degree %d is too high for features as large as %s. Maybe a lower degree"
                  .formatted(terms.get(t).degree(), Math.max(Math.abs(x[row]), Math.abs(y[row]))));
        }
        design[row][t] = value;
      }
      design[row][terms.size()] = samples.targets()[row];
    }
  }

  private record Choice(
      boolean fitIntercept, int degree, boolean includeBias, boolean interactionOnly) {
    Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("fitIntercept", Boolean.toString(fitIntercept));
      parameters.put("degree", Integer.toString(degree));
      parameters.put("includeBias", Boolean.toString(includeBias));
      parameters.put("interactionOnly", Boolean.toString(interactionOnly));
      return parameters;
    }

    /** Terms to fit; a constant is of no use when the intercept is found from the means. */
    boolean includes(Term term) {
      return term.degree() == 0
          ? includeBias && !fitIntercept
          : term.degree() <= degree && (!interactionOnly || term.isInteraction());
    }
  }

  TrainedModel train() {
    double[][][] triangles = new double[folds.count()][][];
    for (int fold = 0; fold < triangles.length; fold++) {
      triangles[fold] = LeastSquares.triangle(copy(design, folds.from(fold), folds.to(fold)));
    }
    List<Choice> choices = choices();
    double[] mape = search(choices, triangles);
    int best = 0;
    for (int i = 1; i < mape.length; i++) {
      best = mape[i] < mape[best] ? i : best;
    }
    Choice chosen = choices.get(best);
    double[] coefficients = fit(stacked(triangles, -1), chosen);
    List<Term> used = Term.upTo(chosen.degree, samples.features().length);
    return new Polynomial(
        samples.features().length,
        used,
        Arrays.copyOf(coefficients, used.size()),
        new TrainingReport(
            chosen.parameters(),
            mape[best],
            mape(coefficients, 0, samples.rows()),
            samples.rows()));
  }

  /** The grid, the last parameter changing fastest. */
  private List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    for (boolean fitIntercept : spec.fitIntercept()) {
      for (int degree : spec.degree()) {
        for (boolean includeBias : spec.includeBias()) {
          for (boolean interactionOnly : spec.interactionOnly()) {
            choices.add(new Choice(fitIntercept, degree, includeBias, interactionOnly));
          }
        }
      }
    }
    return choices;
  }

  private double[] search(List<Choice> choices, double[][][] triangles) {
    double[] mape = new double[choices.size()];
    for (int fold = 0; fold < folds.count(); fold++) {
      double[][] others = stacked(triangles, fold);
      for (int i = 0; i < mape.length; i++) {
        double[] coefficients = fit(others, choices.get(i));
        mape[i] += mape(coefficients, folds.from(fold), folds.to(fold)) / folds.count();
      }
    }
    return mape;
  }

  /** Triangle of all rows but those of one fold; of all if the fold is -1. */
  private static double[][] stacked(double[][][] triangles, int without) {
    return LeastSquares.triangle(
        IntStream.range(0, triangles.length)
            .filter(fold -> fold != without)
            .boxed()
            .flatMap(fold -> Stream.of(copy(triangles[fold], 0, triangles[fold].length)))
            .toArray(double[][]::new));
  }

  private static double[][] copy(double[][] rows, int from, int to) {
    double[][] copy = new double[to - from][];
    for (int i = from; i < to; i++) {
      copy[i - from] = rows[i].clone();
    }
    return copy;
  }

  /** Coefficients of all terms, 0 where the choice leaves them out. */
  private double[] fit(double[][] triangle, Choice choice) {
    int[] included =
        IntStream.range(0, terms.size()).filter(t -> choice.includes(terms.get(t))).toArray();
    int firstRow = choice.fitIntercept ? 1 : 0;
    double[][] columns = new double[included.length][];
    for (int i = 0; i < included.length; i++) {
      columns[i] = column(triangle, included[i], firstRow);
    }
    double[] solution = LeastSquares.minimumNorm(columns, column(triangle, terms.size(), firstRow));
    double[] coefficients = new double[terms.size()];
    for (int i = 0; i < included.length; i++) {
      coefficients[included[i]] = solution[i];
    }
    if (choice.fitIntercept) {
      double intercept = triangle[0][terms.size()];
      for (int t = 1; t < terms.size(); t++) {
        intercept -= coefficients[t] * triangle[0][t];
      }
      coefficients[0] = intercept / triangle[0][0];
    }
    return coefficients;
  }

  private static double[] column(double[][] rows, int column, int firstRow) {
    double[] values = new double[rows.length - firstRow];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i + firstRow][column];
    }
    return values;
  }

  private double mape(double[] coefficients, int from, int to) {
    PercentageError error = new PercentageError();
    for (int row = from; row < to; row++) {
      double predicted = 0;
      for (int t = 0; t < coefficients.length; t++) {
        predicted += coefficients[t] * design[row][t];
      }
      error.add(samples.targets()[row], predicted);
    }
    return error.mean();
  }
}
