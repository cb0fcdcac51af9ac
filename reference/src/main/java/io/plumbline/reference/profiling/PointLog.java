package io.plumbline.reference.profiling;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was measured so far, a line of JSON each, written as soon as it is there: an interrupted
 * profile goes on after the last whole line. The first line says what is being measured; the lines
 * of another question are dropped.
 */
final class PointLog {
  private final Path file;
  private final List<MeasuredPoint> points = new ArrayList<>();
  private final List<HostPoint> hosts = new ArrayList<>();

  /** A line has one of these. */
  private record Line(String question, MeasuredPoint point, HostPoint host) {}

  private PointLog(Path file) {
    this.file = file;
  }

  /** Opens a log and reads what belongs to a question. */
  static PointLog open(Path file, String question) {
    PointLog log = new PointLog(file);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file) || !log.read(question)) {
        Files.writeString(file, Json.write(new Line(question, null, null)) + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return log;
  }

  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }

  private boolean read(String question) throws IOException {
    String text = Files.readString(file);
    // What stands after the last line break was cut off while it was written.
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    List<Line> lines;
    try {
      lines = whole.lines().map(line -> Json.read(file.toString(), line, Line.class)).toList();
    } catch (BadInputException e) {
      return false;
    }
    if (lines.isEmpty() || !question.equals(lines.get(0).question())) {
      return false;
    }
    for (Line line : lines) {
      if (line.point() != null) {
        points.add(line.point());
      }
      if (line.host() != null) {
        hosts.add(line.host());
      }
    }
    if (whole.length() < text.length()) {
      Files.writeString(file, whole);
    }
    return true;
  }

  void add(MeasuredPoint point) {
    points.add(point);
    append(new Line(null, point, null));
  }

  void add(HostPoint host) {
    hosts.add(host);
    append(new Line(null, null, host));
  }

  private void append(Line line) {
    try {
      Files.writeString(file, Json.write(line) + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Of each size the fastest visit, in the order in which they were first visited. */
  List<MeasuredPoint> fastest() {
    return points.stream()
        .map(point -> find(point.tensorParallel(), point.shape()))
        .distinct()
        .toList();
  }

  List<HostPoint> hosts() {
    return hosts;
  }

  /** How often a size was timed. */
  int visits(int tensorParallel, BatchShape shape) {
    return (int) points.stream().filter(point -> point.isOf(tensorParallel, shape)).count();
  }

  /** The fastest visit of a size; null if there was none. */
  MeasuredPoint find(int tensorParallel, BatchShape shape) {
    return points.stream()
        .filter(point -> point.isOf(tensorParallel, shape))
        .min(Comparator.comparingDouble(point -> point.forwardNanos(1)))
        .orElse(null);
  }

  boolean hasHost(int tensorParallel, int batchSize) {
    return hosts.stream()
        .anyMatch(h -> h.tensorParallel() == tensorParallel && h.batchSize() == batchSize);
  }

  /** Time that all of it took to measure. */
  long spentMs() {
    return points.stream().mapToLong(MeasuredPoint::spentMs).sum()
        + hosts.stream().mapToLong(HostPoint::spentMs).sum();
  }
}
