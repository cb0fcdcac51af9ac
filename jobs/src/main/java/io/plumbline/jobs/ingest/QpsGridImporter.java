package io.plumbline.jobs.ingest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The grid of arrival rates, tensor parallelism and replicas that vidur-simulator's branch {@code
 * vidur_reproduce} ran on vLLM and on Vidur: folders with {@code runs.csv} and {@code requests.csv}
 * are runs, files {@code latency_metrics….csv} have one point per row.
 *
 * <p>The clock of vLLM's times is the client's, that of Vidur's the simulated one; {@link
 * QpsGridRuns} and {@link QpsGridPoints} have the rest.
 *
 * @see <a href="https://github.com/nba556677go/vidur-simulator">vidur-simulator</a>
 */
public final class QpsGridImporter implements Importer {
  @Override
  public List<Part> parts(Path path) {
    List<Part> parts = new ArrayList<>(QpsGridRuns.parts(path));
    if (parts.isEmpty() || !Files.isRegularFile(path)) {
      parts.addAll(QpsGridPoints.parts(path));
    }
    return parts;
  }

  @Override
  public String fileNames() {
    return "files …latency_metrics….csv, and folders with runs.csv and requests.csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    if (QpsGridRuns.areIn(part)) {
      new QpsGridRuns(part).read(findings);
    } else {
      QpsGridPoints.read(part, findings);
    }
  }
}
