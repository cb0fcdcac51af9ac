package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import java.util.Set;

/**
 * What a predictor wants to read of a deployment's profile.
 *
 * @param format how its files are laid out
 * @param root folder of profiles, as the specification names it
 * @param variant the folder of a number format, for layouts that have one; null for none
 * @param files files that are elsewhere
 * @param hostOverhead whether the host's times are wanted as well
 * @param launchedRoot folder of the same operators launched one by one; null if they are not wanted
 * @param kernels which tables of kernels; null in other formats
 */
public record ProfileQuery(
    ProfileFormat format,
    String root,
    String variant,
    ProfileFiles files,
    HostOverhead hostOverhead,
    String launchedRoot,
    KernelChoice kernels) {

  /** A profile in Vidur's layout. */
  public ProfileQuery(String root, ProfileFiles files, HostOverhead hostOverhead) {
    this(ProfileFormat.VIDUR, root, null, files, hostOverhead, null, null);
  }

  /** A profile in another layout, whose files are where that has them. */
  ProfileQuery(ProfileFormat format, String root, String variant) {
    this(format, root, variant, ProfileFiles.defaults(), HostOverhead.NONE, null, null);
  }

  /** Tables of kernels. */
  ProfileQuery(String root, KernelChoice kernels) {
    this(
        ProfileFormat.KERNEL_TABLES,
        root,
        null,
        ProfileFiles.defaults(),
        HostOverhead.NONE,
        null,
        kernels);
  }

  /** The same, with launched operators besides. */
  ProfileQuery withLaunched(String folder) {
    return new ProfileQuery(format, root, variant, files, hostOverhead, folder, kernels);
  }

  /** What is wanted of the launched operators: those of the device alone. */
  public ProfileQuery ofLaunched() {
    return new ProfileQuery(format, launchedRoot, variant, files, HostOverhead.NONE, null, kernels);
  }

  /** Refuses what was found if the host's times are wanted and missing. */
  void requireAnswered(Set<Operator> found, Deployment deployment) {
    if (hostOverhead == HostOverhead.PROFILED
        && found.stream().noneMatch(HostOperator.class::isInstance)) {
      throw new IllegalArgumentException(
          "hostOverhead is profiled but the profile of %s in %s has no host operators. Maybe: none"
              .formatted(deployment.model().name(), root));
    }
  }
}
