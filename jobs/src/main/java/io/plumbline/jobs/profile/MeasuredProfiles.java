package io.plumbline.jobs.profile;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfileSource;

/** Reads a profile in whichever layout a predictor asks for. */
public final class MeasuredProfiles implements ProfileSource {
  private final PathResolver paths;
  private final HardwareCards cards;

  /** Remembers the last of its large files. */
  private final VidurProfiles vidur;

  /** Remembers what it has read: its tables are large, and those of products serve all models. */
  private final KernelTables kernels;

  /**
   * A source of profiles.
   *
   * @param paths where folders are looked for
   * @param blockTokens tokens per KV block of the runs
   */
  public MeasuredProfiles(PathResolver paths, HardwareCards cards, int blockTokens) {
    this.paths = paths;
    this.cards = cards;
    this.vidur = new VidurProfiles(paths, cards, blockTokens);
    this.kernels = new KernelTables(paths, cards);
  }

  @Override
  public OperatorProfile profile(ProfileQuery query, Deployment deployment) {
    ProfileSource source =
        switch (query.format()) {
          case VIDUR -> vidur;
          case LAYER_PROFILE -> new LayerProfiles(paths, cards);
          case KERNEL_TABLES -> kernels;
          case REALLM -> new ReallmLibraries(paths, cards);
        };
    return source.profile(query, deployment);
  }
}
