package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.ProfileQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the files of a deployment's profile are: in Vidur's layout, or where a template says. A
 * device is looked for under its name, then under each alias.
 */
final class ProfileFinder {
  private final PathResolver paths;
  private final ProfileQuery query;
  private final Deployment deployment;
  private final List<String> deviceNames;

  ProfileFinder(
      PathResolver paths, HardwareCards cards, ProfileQuery query, Deployment deployment) {
    this.paths = paths;
    this.query = query;
    this.deployment = deployment;
    this.deviceNames = cards.namesOfDevice(deployment.device().name());
  }

  Path compute() {
    String template = query.files().compute();
    return template == null ? computeFolder().resolve("mlp.csv") : fromTemplate(template);
  }

  Path attention() {
    String template = query.files().attention();
    return template == null ? computeFolder().resolve("attention.csv") : fromTemplate(template);
  }

  Path allReduce() {
    String template = query.files().allReduce();
    return template == null ? networkFolder().resolve("all_reduce.csv") : fromTemplate(template);
  }

  Path sendRecv() {
    String template = query.files().sendRecv();
    return template == null ? networkFolder().resolve("send_recv.csv") : fromTemplate(template);
  }

  Path cpuOverhead() {
    String template = query.files().cpuOverhead();
    return template == null
        ? root()
            .resolve("cpu_overhead")
            .resolve(deployment.node().name())
            .resolve(deployment.model().name())
            .resolve("cpu_overheads.csv")
        : fromTemplate(template);
  }

  /** Beside the times of the host; no file there if pauses were not measured. */
  Path afterPause() {
    return cpuOverhead().resolveSibling("after_pause.csv");
  }

  private Path root() {
    return paths.resolve(query.root());
  }

  private Path networkFolder() {
    return root().resolve("network").resolve(deployment.node().name());
  }

  private Path computeFolder() {
    Path compute = root().resolve("compute");
    for (String name : deviceNames) {
      Path folder = compute.resolve(name).resolve(deployment.model().name());
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    throw new BadInputException(
        "no profile of %s on %s in %s. Maybe choose a model and device that were profiled, or the predictor roofline, which needs no profile."
            .formatted(deployment.model().name(), deployment.device().name(), compute));
  }

  private Path fromTemplate(String template) {
    return paths.resolveAny(
        deviceNames.stream()
            .map(
                name ->
                    template
                        .replace("{DEVICE}", name)
                        .replace("{MODEL}", deployment.model().name())
                        .replace("{NETWORK_DEVICE}", deployment.node().name()))
            .distinct()
            .toList());
  }
}
