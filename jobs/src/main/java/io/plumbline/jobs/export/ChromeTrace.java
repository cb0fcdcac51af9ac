package io.plumbline.jobs.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.RunRow;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A run as trace events, which Perfetto and chrome://tracing show: a process per replica, a thread
 * per stage, a slice per iteration named by what its batch is, and counters of KV blocks and
 * requests. Times are microseconds from the start of the run.
 *
 * @see <a
 *     href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace
 *     Event Format</a>
 */
public final class ChromeTrace {
  private static final String STAGES =
      """
      SELECT DISTINCT replica, stage FROM iteration_timing
      WHERE origin = '%1$s' AND run_id = '%2$s' ORDER BY replica, stage
      """;

  private static final String ITERATIONS =
      """
      SELECT i.replica, i.stage, i.iteration, i.start_ns, i.duration_ns, i.batch_size,
        i.prefill_tokens, i.decode_tokens, i.kv_blocks_used, q.requests
      FROM iteration_timing i
      LEFT JOIN (
        SELECT iteration,
          sort_array(collect_list(struct(request_id, prefill_tokens + decode_tokens AS tokens)))
            AS requests
        FROM iteration_request WHERE origin = '%1$s' AND run_id = '%2$s' GROUP BY iteration
      ) q ON i.iteration = q.iteration
      WHERE i.origin = '%1$s' AND i.run_id = '%2$s'
      ORDER BY i.start_ns, i.replica, i.stage
      """;

  /** How many requests wait for their first iteration and how many have had one and go on. */
  private static final String REQUESTS =
      """
      SELECT replica, at_ns,
        sum(sum(waiting)) OVER (PARTITION BY replica ORDER BY at_ns) AS waiting,
        sum(sum(running)) OVER (PARTITION BY replica ORDER BY at_ns) AS running
      FROM (
        SELECT coalesce(replica, 0) AS replica,
          inline(array(
            struct(arrival_ns AS at_ns, 1 AS waiting, 0 AS running),
            struct(scheduled_ns AS at_ns, -1 AS waiting, 1 AS running),
            struct(end_ns AS at_ns, 0 AS waiting, -1 AS running)))
        FROM request_timing
        WHERE origin = '%1$s' AND run_id = '%2$s' AND scheduled_ns IS NOT NULL
      )
      WHERE at_ns IS NOT NULL
      GROUP BY replica, at_ns
      ORDER BY at_ns, replica
      """;

  private final SparkSession spark;
  private final RunRow run;
  private final JsonGenerator json;

  private ChromeTrace(SparkSession spark, RunRow run, JsonGenerator json) {
    this.spark = spark;
    this.run = run;
    this.json = json;
  }

  /**
   * Writes a run.
   *
   * @throws BadInputException if it has not recorded iterations
   */
  public static void write(SparkSession spark, RunRow run, OutputStream out) throws IOException {
    JsonFactory factory = JsonFactory.builder().build();
    try (JsonGenerator json =
        factory.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      new ChromeTrace(spark, run, json).write();
    }
  }

  private void write() throws IOException {
    Iterator<Row> stages = rows(STAGES);
    if (!stages.hasNext()) {
      throw new BadInputException(
          "run %s has recorded no iterations. Maybe simulate it again with record: iterations"
              .formatted(run.runId()));
    }
    json.writeStartObject();
    json.writeStringField("displayTimeUnit", "ms");
    writeOtherData();
    json.writeArrayFieldStart("traceEvents");
    writeNames(stages);
    for (Iterator<Row> rows = rows(ITERATIONS); rows.hasNext(); ) {
      Row row = rows.next();
      writeSlice(row);
      if (row.getAs("kv_blocks_used") != null) {
        writeCounter("KV blocks in use", row, "start_ns", "kv_blocks_used");
      }
    }
    for (Iterator<Row> rows = rows(REQUESTS); rows.hasNext(); ) {
      Row row = rows.next();
      writeCounter("running requests", row, "at_ns", "running");
      writeCounter("waiting requests", row, "at_ns", "waiting");
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private Iterator<Row> rows(String sql) {
    return spark.sql(sql.formatted(run.origin(), run.runId())).toLocalIterator();
  }

  private void writeOtherData() throws IOException {
    json.writeObjectFieldStart("otherData");
    json.writeStringField("run_id", run.runId());
    json.writeStringField("origin", run.origin());
    json.writeStringField("engine", run.engine());
    json.writeStringField("model", run.model());
    json.writeStringField("device", run.device());
    json.writeEndObject();
  }

  private void writeNames(Iterator<Row> stages) throws IOException {
    int lastReplica = -1;
    while (stages.hasNext()) {
      Row row = stages.next();
      int replica = row.getAs("replica");
      int stage = row.getAs("stage");
      if (replica != lastReplica) {
        writeName("process_name", replica, 0, "replica " + replica);
        lastReplica = replica;
      }
      writeName("thread_name", replica, stage, "stage " + stage);
    }
  }

  private void writeName(String what, int replica, int stage, String name) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", what);
    json.writeStringField("ph", "M");
    json.writeNumberField("pid", replica);
    json.writeNumberField("tid", stage);
    json.writeObjectFieldStart("args");
    json.writeStringField("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeSlice(Row row) throws IOException {
    int prefillTokens = row.getAs("prefill_tokens");
    int decodeTokens = row.getAs("decode_tokens");
    json.writeStartObject();
    // Slices of one name have one colour.
    json.writeStringField(
        "name", prefillTokens == 0 ? "decode" : decodeTokens == 0 ? "prefill" : "mixed");
    json.writeStringField("ph", "X");
    writeMicros("ts", row.getAs("start_ns"));
    writeMicros("dur", row.getAs("duration_ns"));
    json.writeNumberField("pid", row.<Integer>getAs("replica"));
    json.writeNumberField("tid", row.<Integer>getAs("stage"));
    json.writeObjectFieldStart("args");
    json.writeNumberField("batch_id", row.<Long>getAs("iteration"));
    json.writeNumberField("batch_size", row.<Integer>getAs("batch_size"));
    json.writeNumberField("prefill_tokens", prefillTokens);
    json.writeNumberField("decode_tokens", decodeTokens);
    writeRequests(row);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeRequests(Row row) throws IOException {
    int requests = row.fieldIndex("requests");
    if (row.isNullAt(requests)) {
      return;
    }
    json.writeArrayFieldStart("request_ids");
    for (Row request : row.<Row>getList(requests)) {
      json.writeNumber(request.getInt(0));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("num_tokens");
    for (Row request : row.<Row>getList(requests)) {
      json.writeNumber(request.getInt(1));
    }
    json.writeEndArray();
  }

  private void writeCounter(String name, Row row, String timeColumn, String valueColumn)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("ph", "C");
    writeMicros("ts", row.getAs(timeColumn));
    json.writeNumberField("pid", row.<Integer>getAs("replica"));
    json.writeObjectFieldStart("args");
    json.writeNumberField("value", row.<Number>getAs(valueColumn).longValue());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeMicros(String field, long nanos) throws IOException {
    json.writeFieldName(field);
    json.writeNumber(BigDecimal.valueOf(nanos, 3));
  }
}
