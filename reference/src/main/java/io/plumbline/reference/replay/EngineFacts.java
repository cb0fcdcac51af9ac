package io.plumbline.reference.replay;

import java.util.Map;

/**
 * What an engine says about itself.
 *
 * @param engine its name in run manifests, e.g. {@code djl-pytorch}
 * @param device the device as its vendor names it; null if unknown
 * @param software versions, settings and findings that bear on its times
 */
public record EngineFacts(String engine, String device, Map<String, String> software) {
  public EngineFacts {
    software = Map.copyOf(software);
  }
}
