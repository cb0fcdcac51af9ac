package io.plumbline.jobs.fidelity;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Gathers the values in the rows of one task: as they are, or counted by bin and group where there
 * are many. Rows are sample_id, request_group, and a value of each metric, which may be null.
 */
final class ValueChunks implements Serializable {
  private static final int FIRST_METRIC = 2;

  private final List<SampleUse> samples;
  private final List<String> metrics;
  private final boolean ofTokens;

  /** A run of a pair. */
  record RunOfPair(int pairId, int side, int repeat) implements Serializable {}

  /** What a sample is needed for, and whether its values are kept as they are. */
  record SampleUse(boolean exactRequests, boolean exactTokens, List<RunOfPair> runs)
      implements Serializable {}

  /**
   * @param samples by sample_id
   * @param metrics of the columns
   * @param ofTokens whether the rows are tokens, else requests
   */
  ValueChunks(List<SampleUse> samples, List<String> metrics, boolean ofTokens) {
    this.samples = new ArrayList<>(samples);
    this.metrics = new ArrayList<>(metrics);
    this.ofTokens = ofTokens;
  }

  /**
   * The chunks of a task by {@link SampleTable#series}; a run of several pairs has one for each.
   */
  Iterator<Tuple2<Integer, SampleChunk>> of(Iterator<Row> rows) {
    Gathered[][] gathered = new Gathered[samples.size()][];
    while (rows.hasNext()) {
      Row row = rows.next();
      int sampleId = row.getInt(0);
      if (gathered[sampleId] == null) {
        gathered[sampleId] = empty(samples.get(sampleId));
      }
      int group = row.getInt(1);
      for (int m = 0; m < metrics.size(); m++) {
        if (!row.isNullAt(FIRST_METRIC + m)) {
          gathered[sampleId][m].add(row.getDouble(FIRST_METRIC + m), group);
        }
      }
    }
    List<Tuple2<Integer, SampleChunk>> chunks = new ArrayList<>();
    for (int sampleId = 0; sampleId < gathered.length; sampleId++) {
      for (int m = 0; gathered[sampleId] != null && m < metrics.size(); m++) {
        addChunks(chunks, samples.get(sampleId), metrics.get(m), gathered[sampleId][m]);
        gathered[sampleId][m] = null;
      }
    }
    return chunks.iterator();
  }

  private boolean isExact(SampleUse sample) {
    return ofTokens ? sample.exactTokens() : sample.exactRequests();
  }

  private Gathered[] empty(SampleUse sample) {
    Gathered[] empty = new Gathered[metrics.size()];
    for (int m = 0; m < empty.length; m++) {
      empty[m] = new Gathered(isExact(sample) ? null : new GroupedBins());
    }
    return empty;
  }

  private void addChunks(
      List<Tuple2<Integer, SampleChunk>> to, SampleUse sample, String metric, Gathered gathered) {
    CountedValues values = gathered.values();
    if (values.size() == 0) {
      return;
    }
    for (RunOfPair run : sample.runs()) {
      to.add(
          new Tuple2<>(
              SampleTable.series(run.pairId(), metric),
              new SampleChunk(run.side(), run.repeat(), !isExact(sample), values)));
    }
  }

  /** The values of one metric of one sample; in bins if there are some. */
  private record Gathered(GroupedBins bins, CountedValues exact) {
    private Gathered(GroupedBins bins) {
      this(bins, new CountedValues(64));
    }

    private void add(double value, int group) {
      if (bins == null) {
        exact.add(value, group, 1);
      } else {
        bins.add(value, group, 1);
      }
    }

    private CountedValues values() {
      if (bins != null) {
        bins.drainTo(exact);
      }
      return exact.trimmed();
    }
  }
}
