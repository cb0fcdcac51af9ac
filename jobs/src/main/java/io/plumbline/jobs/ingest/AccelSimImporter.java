package io.plumbline.jobs.ingest;

import io.plumbline.files.TextFiles;
import io.plumbline.files.accelsim.AccelSimLog;
import io.plumbline.files.accelsim.KernelOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Accel-Sim printed: {@code RUN.log}, perhaps compressed, or {@code ….o7} as its own scripts
 * call it, in a folder that is called like the configuration. Each kernel whose results are whole
 * is a row, whatever became of the run; where it broke off is a row without cycles that says why.
 * Beside a log, {@code RUN.time} may have what GNU time says of the process, with a line {@code
 * rc=134} and the end of the standard error.
 *
 * <p>Cycles and times are of the simulated clock.
 *
 * @see <a href="https://github.com/accel-sim/accel-sim-framework">Accel-Sim</a>
 */
public final class AccelSimImporter implements Importer {
  private static final Pattern LOG = Pattern.compile("(.+)(\\.log(\\.xz|\\.gz)?|\\.o\\d+)");
  private static final Pattern STATUS = Pattern.compile("rc=(\\d+)");

  @Override
  public List<Part> parts(Path path) {
    List<Part> parts = new ArrayList<>();
    for (Part part :
        Part.eachFile(path, file -> LOG.matcher(file.getFileName().toString()).matches())) {
      Path time = time(part.file());
      parts.add(
          Files.exists(time)
              ? new Part(part.folder(), List.of(part.file(), time), part.name())
              : part);
    }
    return parts;
  }

  @Override
  public String fileNames() {
    return "CONFIGURATION/RUN.log, with .xz or .gz or without, or CONFIGURATION/….o7";
  }

  @Override
  public void read(Part part, Findings findings) {
    AccelSimLog log = AccelSimLog.read(part.file());
    Ending ending = part.files().size() > 1 ? Ending.of(part.files().get(1)) : Ending.UNKNOWN;
    boolean crashed = ending.status() > 0;
    new AccelSimKernels(String.valueOf(part.folder().getFileName()), stem(part.file()))
        .read(
            log,
            crashed ? KernelOutcome.CRASHED : null,
            crashed ? ending.message(log.problem()) : null,
            findings::kernel);
  }

  private static String stem(Path log) {
    Matcher name = LOG.matcher(log.getFileName().toString());
    return name.matches() ? name.group(1) : log.getFileName().toString();
  }

  private static Path time(Path log) {
    return log.resolveSibling(stem(log) + ".time");
  }

  /**
   * How the process ended.
   *
   * @param status 0 if unknown, which it proves nothing of anyway
   * @param lastLine of what it said on the standard error; null for nothing
   */
  private record Ending(int status, String lastLine) {
    private static final Ending UNKNOWN = new Ending(0, null);

    private static Ending of(Path file) {
      Ending ending = UNKNOWN;
      try {
        for (String line : Files.readAllLines(file)) {
          Matcher status = STATUS.matcher(line);
          if (status.matches()) {
            ending = new Ending(Integer.parseInt(status.group(1)), null);
          } else if (!line.isBlank()) {
            ending = new Ending(ending.status(), line.strip());
          }
        }
      } catch (IOException e) {
        throw TextFiles.failure(file, e);
      }
      return ending;
    }

    private String message(String problem) {
      return "exit status %d%s%s"
          .formatted(
              status,
              lastLine == null ? "" : ": " + lastLine,
              problem == null ? "" : "; " + problem);
    }
  }
}
