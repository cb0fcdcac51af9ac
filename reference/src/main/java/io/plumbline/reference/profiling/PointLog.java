package io.plumbline.reference.profiling;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was measured so far, a line of JSON each, written as soon as it is there: an interrupted
 * profile goes on after the last whole line. The first line says what is being measured; the lines
 * of another question are dropped.
 */
final class PointLog {
  private final Path file;
  private final List<MeasuredPoint> points = new ArrayList<>();
  private final List<HostPoint> hosts = new ArrayList<>();
  private final List<PausePoint> pauses = new ArrayList<>();

  /** Asked from another thread, unlike all else. */
  private final AtomicLong spentMs = new AtomicLong();

  /** A line has one of these. */
  private record Line(String question, MeasuredPoint point, HostPoint host, PausePoint pause) {}

  private PointLog(Path file) {
    this.file = file;
  }

  /** Opens a log and reads what belongs to a question. */
  static PointLog open(Path file, String question) {
    PointLog log = new PointLog(file);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file) || !log.read(question)) {
        Files.writeString(file, Json.write(new Line(question, null, null, null)) + "\n");
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
        keep(line.point());
      }
      if (line.host() != null) {
        keep(line.host());
      }
      if (line.pause() != null) {
        keep(line.pause());
      }
    }
    if (whole.length() < text.length()) {
      Files.writeString(file, whole);
    }
    return true;
  }

  private void keep(MeasuredPoint point) {
    points.add(point);
    spentMs.addAndGet(point.spentMs());
  }

  private void keep(HostPoint host) {
    hosts.add(host);
    spentMs.addAndGet(host.spentMs());
  }

  private void keep(PausePoint pause) {
    pauses.add(pause);
    spentMs.addAndGet(pause.spentMs());
  }

  void add(PausePoint pause) {
    keep(pause);
    append(new Line(null, null, null, pause));
  }

  void add(MeasuredPoint point) {
    keep(point);
    append(new Line(null, point, null, null));
  }

  void add(HostPoint host) {
    keep(host);
    append(new Line(null, null, host, null));
  }

  private void append(Line line) {
    try {
      Files.writeString(file, Json.write(line) + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** All sizes, in the order in which they were first visited. */
  List<MeasuredPoint> points() {
    return points.stream()
        .map(point -> find(point.tensorParallel(), point.shape()))
        .distinct()
        .toList();
  }

  /** All numbers of requests, likewise. */
  List<HostPoint> hosts() {
    return hosts.stream()
        .map(
            host ->
                hosts.stream()
                    .filter(other -> other.isOf(host.tensorParallel(), host.batchSize()))
                    .reduce(HostPoint::with)
                    .orElseThrow())
        .distinct()
        .toList();
  }

  /** All sizes that were timed after pauses. */
  List<PausePoint> pauses() {
    return List.copyOf(pauses);
  }

  boolean hasPause(int tensorParallel, int tokens) {
    return pauses.stream().anyMatch(pause -> pause.isOf(tensorParallel, tokens));
  }

  /** How often a size was timed. */
  int visits(int tensorParallel, BatchShape shape) {
    return (int) points.stream().filter(point -> point.isOf(tensorParallel, shape)).count();
  }

  /** A size with the timings of all its visits; it must have been visited. */
  MeasuredPoint find(int tensorParallel, BatchShape shape) {
    return points.stream()
        .filter(point -> point.isOf(tensorParallel, shape))
        .reduce(MeasuredPoint::with)
        .orElseThrow();
  }

  /** How often the host was timed with a number of requests. */
  int hostVisits(int tensorParallel, int batchSize) {
    return (int) hosts.stream().filter(host -> host.isOf(tensorParallel, batchSize)).count();
  }

  /** Time that all of it took to measure. */
  long spentMs() {
    return spentMs.get();
  }
}
