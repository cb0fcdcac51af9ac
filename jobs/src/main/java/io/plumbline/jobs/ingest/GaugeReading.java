package io.plumbline.jobs.ingest;

import io.plumbline.jobs.table.GaugeSampleRow;

/**
 * One reading of a gauge.
 *
 * @param series which of several gauges; null if there is one
 * @param nanos time from the start of the recording
 * @param unit unit of the value
 */
public record GaugeReading(String series, long nanos, String metric, String unit, double value) {
  GaugeSampleRow row(String sourceId) {
    return new GaugeSampleRow(sourceId, series, nanos, metric, unit, value);
  }
}
