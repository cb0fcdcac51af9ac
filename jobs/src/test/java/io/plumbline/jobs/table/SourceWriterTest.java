package io.plumbline.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.run.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceWriterTest {
  private static final SourceRow SOURCE =
      new SourceRow("s1", "kind", "file", null, null, null, 1, 1, 0, 0, 0, 0);

  @TempDir Path results;

  @Test
  void nothingIsSeenBeforeItIsPublishedAndTheSourceComesLast() throws IOException {
    try (SourceWriter writer = new SourceWriter(results.toString(), "s1")) {
      writer.write(Table.RUN_SUMMARY, summary(1));
      writer.write(Table.OPERATOR_TIMING, new OperatorTiming("gemm").row("s1", 2));
      assertThat(published()).isEmpty();
      assertThat(writer.rows(Table.RUN_SUMMARY)).isEqualTo(1);
      writer.publish(SOURCE);
    }
    assertThat(published())
        .containsExactlyInAnyOrder(
            "operator_timing/source_id=s1/part-0.parquet",
            "run_summary/source_id=s1/part-0.parquet",
            "source/source_id=s1/part-0.parquet");
    assertThat(files()).as("nothing half-written is left").hasSameSizeAs(published());
  }

  @Test
  void aSourceReplacesItsPredecessorWholeAlsoInTablesItHasNoRowsFor() throws IOException {
    try (SourceWriter writer = new SourceWriter(results.toString(), "s1")) {
      writer.write(Table.RUN_SUMMARY, summary(1));
      writer.write(Table.OPERATOR_TIMING, new OperatorTiming("gemm").row("s1", 2));
      writer.publish(SOURCE);
    }
    try (SourceWriter writer = new SourceWriter(results.toString(), "s1")) {
      writer.write(Table.RUN_SUMMARY, summary(3));
      writer.publish(SOURCE);
    }
    assertThat(published())
        .containsExactlyInAnyOrder(
            "run_summary/source_id=s1/part-0.parquet", "source/source_id=s1/part-0.parquet");
  }

  @Test
  void whatIsNotPublishedLeavesNothing() throws IOException {
    try (SourceWriter writer = new SourceWriter(results.toString(), "s1")) {
      writer.write(Table.RUN_SUMMARY, summary(1));
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void aPointIsTheSameForAllItsMetricsAndAnotherIfAFactDiffers() {
    SummaryPoint point = new SummaryPoint(Origin.MEASURED, "a").model("m").concurrency(8);
    String id = point.pointId();
    assertThat(point.row("s1", SummaryMetric.TTFT, "p50", 1).pointId()).isEqualTo(id);
    assertThat(point.row("s2", SummaryMetric.E2E, "p99", 2).pointId()).isEqualTo(id);
    assertThat(new SummaryPoint(Origin.MEASURED, "a").model("m").batchSize(8).pointId())
        .as("8 in another place")
        .isNotEqualTo(id);
  }

  private static RunSummaryRow summary(double value) {
    return new SummaryPoint(Origin.MEASURED, "a").row("s1", SummaryMetric.TTFT, "p50", value);
  }

  private List<String> published() throws IOException {
    return files().stream().filter(name -> !name.contains("_writing")).toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(results)) {
      return all.filter(Files::isRegularFile)
          .map(file -> results.relativize(file).toString())
          .toList();
    }
  }
}
