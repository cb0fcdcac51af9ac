package io.plumbline.jobs.sweep;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.jobs.table.TextFiles;
import io.plumbline.jobs.training.TrainedOperator;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Trained operators on disk, one file per content hash. A file has two lines of JSON: a header with
 * the form and the CRC-32 of the second line, and a {@link TrainedOperator}, whose {@code numbers}
 * are the model. What was changed, cut off or written by other code counts as absent.
 */
final class ModelStore {
  /** Form of the files; another form gets another name. */
  static final String FORM = "plumbline-trained-operator-1";

  private record Header(String form, String crc32) {}

  private final TextFiles files;

  /**
   * @param folder a path or a URI of a Hadoop file system
   */
  ModelStore(String folder) {
    this.files = new TextFiles(folder);
  }

  /**
   * Makes sure that the store can be written.
   *
   * @throws BadInputException if it cannot
   */
  void requireWritable() {
    files.requireWritable("--cache");
  }

  /** The trained operator of a content hash; null if there is none that can be trusted. */
  TrainedOperator find(String modelId) {
    String text = files.read(name(modelId));
    if (text == null) {
      return null;
    }
    int end = text.indexOf('\n');
    if (end < 0) {
      return null;
    }
    String content = text.substring(end + 1).stripTrailing();
    try {
      Header header = Json.read(name(modelId), text.substring(0, end), Header.class);
      if (!header.equals(header(content))) {
        return null;
      }
      TrainedOperator found = Json.read(name(modelId), content, TrainedOperator.class);
      return found.modelId().equals(modelId) ? found : null;
    } catch (BadInputException e) {
      return null;
    }
  }

  /** Keeps a trained operator, in place of what was there. */
  void put(TrainedOperator trained) {
    String content = Json.write(trained);
    files.write(name(trained.modelId()), Json.write(header(content)) + "\n" + content + "\n");
  }

  private static Header header(String content) {
    CRC32 crc = new CRC32();
    crc.update(content.getBytes(StandardCharsets.UTF_8));
    return new Header(FORM, "%08x".formatted(crc.getValue()));
  }

  private static String name(String modelId) {
    return modelId + ".jsonl";
  }
}
