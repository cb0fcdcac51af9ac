package io.plumbline.jobs.fidelity;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Scores the metrics of pairs one after the other, from rows in the order of pair, metric, side and
 * value; only one metric of one pair is in memory at a time.
 */
final class SeriesScores implements Serializable {
  private final List<PairShape> shapes;
  private final ScoringRules rules;

  /** What a task must know of a pair. */
  record PairShape(int groups, int referenceRepeats, int simulatedRepeats)
      implements Serializable {}

  SeriesScores(List<PairShape> shapes, ScoringRules rules) {
    this.shapes = new ArrayList<>(shapes);
    this.rules = rules;
  }

  /** All scores of a task; a metric that a side does not have has none. */
  Iterator<SeriesScore> score(Iterator<Row> rows) {
    List<SeriesScore> scores = new ArrayList<>();
    Series series = null;
    while (rows.hasNext()) {
      Row row = rows.next();
      int pairId = row.getInt(0);
      String metric = row.getString(1);
      if (series == null || series.pairId != pairId || !series.metric.equals(metric)) {
        addScore(series, scores);
        series = new Series(pairId, metric, shapes.get(pairId).groups());
      }
      series.add(row);
    }
    addScore(series, scores);
    return scores.iterator();
  }

  private void addScore(Series series, List<SeriesScore> scores) {
    if (series == null || series.reference.size == 0 || series.simulated.size == 0) {
      return;
    }
    PairShape shape = shapes.get(series.pairId);
    scores.add(
        SeriesScore.of(
            new SeriesScore.Shape(
                series.pairId,
                series.metric,
                shape.groups(),
                shape.referenceRepeats(),
                shape.simulatedRepeats()),
            series.reference.sample(),
            series.simulated.sample(),
            rules));
  }

  /** The rows of one metric of one pair. */
  private static final class Series {
    private final int pairId;
    private final String metric;
    private final int groups;
    private final Values reference = new Values();
    private final Values simulated = new Values();

    private Series(int pairId, String metric, int groups) {
      this.pairId = pairId;
      this.metric = metric;
      this.groups = groups;
    }

    private void add(Row row) {
      Values side = row.getInt(2) == 0 ? reference : simulated;
      int unit = row.getInt(3) * groups + row.getInt(4);
      side.add(row.getDouble(5), unit, Math.toIntExact(row.getLong(6)));
    }
  }

  /** Arrays that grow. */
  private static final class Values {
    private double[] values = new double[64];
    private int[] units = new int[64];
    private int[] counts = new int[64];
    private int size;

    private void add(double value, int unit, int count) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
        units = Arrays.copyOf(units, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
      }
      values[size] = value;
      units[size] = unit;
      counts[size] = count;
      size++;
    }

    private Sample sample() {
      return new Sample(
          Arrays.copyOf(values, size), Arrays.copyOf(units, size), Arrays.copyOf(counts, size));
    }
  }
}
