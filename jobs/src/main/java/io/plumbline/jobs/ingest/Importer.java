package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads one kind of files. It takes the times as the source defines them and says in its Javadoc
 * whose clock they are from; what the source does not say stays null.
 */
public interface Importer {
  /**
   * The parts of a path that are taken in one by one: files, or folders whose files belong
   * together. Only looks for names; in a stable order.
   */
  List<Part> parts(Path path);

  /** What the files are called, for the message when there are none. */
  String fileNames();

  /**
   * Reads one part whole.
   *
   * @throws BadInputException naming file, line, column and value
   */
  void read(Part part, Findings findings);
}
