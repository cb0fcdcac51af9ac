package io.plumbline.jobs.original;

import io.plumbline.files.BadInputException;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.ingest.IgnoredFindings;
import io.plumbline.jobs.ingest.ImportedRun;
import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.ingest.Part;
import java.nio.file.Path;
import java.util.List;

/**
 * The one run that an original leaves in a folder; whatever else its importer finds is not kept.
 */
final class OneRun extends IgnoredFindings {
  private LoadedRun run;

  private OneRun() {}

  static LoadedRun in(Path folder, Importer importer) {
    List<Part> parts = importer.parts(folder);
    if (parts.size() != 1) {
      throw new BadInputException(
          "it left %d results, not 1: %s".formatted(parts.size(), importer.fileNames()));
    }
    OneRun found = new OneRun();
    importer.read(parts.get(0), found);
    if (found.run == null) {
      throw new BadInputException("its results have no requests");
    }
    return found.run;
  }

  @Override
  public void run(ImportedRun imported) {
    run = imported.run();
  }
}
