package io.plumbline.trace.run;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a run comes from: everything needed to trace a row home or to run it again.
 *
 * @param runId content hash of what determines the result
 * @param origin simulated or measured
 * @param engine what produced it, e.g. {@code plumbline} or {@code djl-pytorch}
 * @param workloadId content hash of the workload
 * @param specJson the full specification as JSON
 * @param seed seed of everything that is drawn during the run; null if unknown
 * @param codeVersion version of the code that determines the result; null if unknown
 * @param device the device as its vendor names it, or the card's name; null if unknown
 * @param model name of the model; null if unknown
 * @param software versions that may matter: JVM, OS, engine, driver
 * @param startedAt ISO-8601 instant; null if unknown
 * @param endedAt ISO-8601 instant; null if unknown
 * @param host name of the machine; null if unknown
 * @param licence under which others may use it, best as SPDX has it; null if unknown
 * @param sourceUrl where a run that was made elsewhere was published; null if unknown or made here
 */
public record RunManifest(
    String runId,
    Origin origin,
    String engine,
    String workloadId,
    String specJson,
    Long seed,
    String codeVersion,
    String device,
    String model,
    Map<String, String> software,
    String startedAt,
    String endedAt,
    String host,
    String licence,
    String sourceUrl)
    implements Serializable {

  public RunManifest {
    // A TreeMap's order, so that the same facts are always the same bytes.
    software = Collections.unmodifiableMap(new TreeMap<>(software));
  }

  /** The manifest of a run that was made here: nobody else's licence, no place it came from. */
  public RunManifest(
      String runId,
      Origin origin,
      String engine,
      String workloadId,
      String specJson,
      Long seed,
      String codeVersion,
      String device,
      String model,
      Map<String, String> software,
      String startedAt,
      String endedAt,
      String host) {
    this(
        runId,
        origin,
        engine,
        workloadId,
        specJson,
        seed,
        codeVersion,
        device,
        model,
        software,
        startedAt,
        endedAt,
        host,
        null,
        null);
  }

  /** The same run, of which somebody knows more; what is null stays as it was. */
  public RunManifest with(String knownDevice, String knownLicence, String knownSourceUrl) {
    return new RunManifest(
        runId,
        origin,
        engine,
        workloadId,
        specJson,
        seed,
        codeVersion,
        knownDevice == null ? device : knownDevice,
        model,
        software,
        startedAt,
        endedAt,
        host,
        knownLicence == null ? licence : knownLicence,
        knownSourceUrl == null ? sourceUrl : knownSourceUrl);
  }

  /** The manifest of a run that another simulator made, of which nothing else is known. */
  public static RunManifest simulatedBy(String engine, String runId, String workloadId) {
    return new RunManifest(
        runId,
        Origin.SIMULATED,
        engine,
        workloadId,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        null,
        null);
  }
}
