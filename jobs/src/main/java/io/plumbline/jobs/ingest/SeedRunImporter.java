package io.plumbline.jobs.ingest;

import io.plumbline.files.run.RunFolder;
import java.nio.file.Path;
import java.util.List;

/**
 * Run folders: {@code request_metrics.csv}, {@code run_meta.json} and perhaps {@code
 * token_metrics.csv}, as gpu-simulate-test, our own {@code measure} and others write them. Times
 * are ns from the start of the run and are taken as they are; whose clock it was, the folder does
 * not say.
 */
public final class SeedRunImporter implements Importer {
  @Override
  public List<Part> parts(Path path) {
    return Part.eachFolderWith(
        path, "run_meta.json", "request_metrics.csv", "token_metrics.csv", "iteration_metrics.csv");
  }

  @Override
  public String fileNames() {
    return "folders with request_metrics.csv and run_meta.json";
  }

  @Override
  public void read(Part part, Findings findings) {
    findings.run(
        new ImportedRun(
            null, RunFolder.read(part.folder()), ImportedRun.Deployment.UNKNOWN, List.of()));
  }
}
