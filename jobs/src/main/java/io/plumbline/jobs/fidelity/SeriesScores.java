package io.plumbline.jobs.fidelity;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Scores one metric of one pair from the chunks of its values, in whichever order they come. */
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

  /** The score in a list; none if a side does not have the metric. */
  List<SeriesScore> score(int series, Iterable<SampleChunk> chunks) {
    int pairId = SampleTable.pairOf(series);
    PairShape shape = shapes.get(pairId);
    CountedValues reference = values(chunks, 0, shape.referenceRepeats(), shape.groups());
    CountedValues simulated = values(chunks, 1, shape.simulatedRepeats(), shape.groups());
    if (reference.size() == 0 || simulated.size() == 0) {
      return List.of();
    }
    return List.of(
        SeriesScore.of(
            new SeriesScore.Shape(
                pairId,
                SampleTable.metricOf(series),
                shape.groups(),
                shape.referenceRepeats(),
                shape.simulatedRepeats()),
            reference.sample(),
            simulated.sample(),
            rules));
  }

  private static CountedValues values(
      Iterable<SampleChunk> chunks, int side, int repeats, int groups) {
    CountedValues values = new CountedValues(64);
    for (int repeat = 0; repeat < repeats; repeat++) {
      GroupedBins bins = null;
      for (SampleChunk chunk : chunks) {
        if (chunk.side() != side || chunk.repeat() != repeat) {
          continue;
        }
        if (chunk.binned()) {
          bins = bins == null ? new GroupedBins() : bins;
          chunk.values().addTo(bins);
        } else {
          values.addAll(chunk.values(), repeat * groups);
        }
      }
      if (bins != null) {
        CountedValues merged = new CountedValues(64);
        bins.drainTo(merged);
        values.addAll(merged, repeat * groups);
      }
    }
    return values;
  }
}
