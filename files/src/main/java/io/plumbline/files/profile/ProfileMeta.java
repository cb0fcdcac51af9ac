package io.plumbline.files.profile;

import io.plumbline.files.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code profile.json} beside {@code mlp.csv}: how the profile came about. Vidur's own profiles
 * have none. It is written last, so a profile that has one is whole.
 *
 * @param question hash of what was to be measured, and where
 * @param device name under which simulations find it
 * @param hardware the device as its vendor names it; null if unknown
 * @param dtype number format, e.g. {@code float32}
 * @param points sizes of batches that were timed
 * @param host name of the machine; null if unknown
 * @param loadAverageBefore of the machine; what others do on it makes times longer; negative if
 *     unknown
 * @param startedAt ISO-8601 instant at which the last call started
 * @param software versions, threads, and settings of native libraries
 * @param specJson the whole specification
 */
public record ProfileMeta(
    String question,
    String model,
    String device,
    String hardware,
    String dtype,
    List<Integer> tensorParallel,
    int blockTokens,
    int points,
    String host,
    double loadAverageBefore,
    double loadAverageAfter,
    String startedAt,
    String endedAt,
    Map<String, String> software,
    String specJson) {

  private static final String FILE = "profile.json";

  /** Where it is. */
  public static Path file(Path computeFolder) {
    return computeFolder.resolve(FILE);
  }

  /** That of a folder with {@code mlp.csv}; null if it has none. */
  public static ProfileMeta find(Path computeFolder) {
    Path file = file(computeFolder);
    return Files.exists(file) ? Json.read(file, ProfileMeta.class) : null;
  }
}
