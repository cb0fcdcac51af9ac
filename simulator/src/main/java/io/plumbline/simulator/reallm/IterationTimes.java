package io.plumbline.simulator.reallm;

import java.util.Arrays;

/**
 * Time of one iteration: its kernels one after the other, each looked up once, and two collectives
 * per layer. Parts of an iteration do not depend on each other, so that each is kept by its size.
 */
public final class IterationTimes {
  private static final int WORD_BYTES = 2;
  private static final int SMALLEST = 1024;

  private final ReallmModel model;
  private final Degrees degrees;
  private final KernelTimes times;
  private final AllReduce allReduce;
  private final Kept tokens = new Kept();
  private final Kept tokensWithDecodes = new Kept();
  private final Kept prefills = new Kept();
  private final Kept decodes = new Kept();
  private boolean tied;

  public IterationTimes(
      ReallmModel model, Degrees degrees, KernelTimes times, AllReduce allReduce) {
    this.model = model;
    this.degrees = degrees;
    this.times = times;
    this.allReduce = allReduce;
  }

  /** The same with another choice where a look-up has several answers, which knows nothing yet. */
  public IterationTimes choosing(TieChoice choice) {
    return new IterationTimes(model, degrees, times.choosing(choice), allReduce);
  }

  /**
   * Seconds of an iteration.
   *
   * @param prefillTokens of all prompts and chunks together, taken as one sequence
   * @param contexts of decodes, the token at hand left out
   * @param count of them
   */
  public double seconds(int prefillTokens, int[] contexts, int count, ExpertDraws draws) {
    tied = false;
    int all = prefillTokens + count;
    Kept kept = count > 0 ? tokensWithDecodes : tokens;
    double seconds = kept.find(all, size -> model.tokensSeconds(times, degrees, size, count));
    if (prefillTokens > 0) {
      seconds += prefills.find(prefillTokens, size -> model.prefillSeconds(times, degrees, size));
    }
    for (int i = 0; i < count; i++) {
      seconds += decodes.find(contexts[i], size -> model.decodeSeconds(times, degrees, size));
    }
    long before = times.ties();
    seconds += model.expertsSeconds(times, degrees, prefillTokens, count, draws);
    tied |= times.ties() > before;
    return seconds + collectives(all);
  }

  /** Whether the last iteration had a look-up in which equal neighbours have different times. */
  public boolean tied() {
    return tied;
  }

  private double collectives(int all) {
    if (!model.reducesOverDevices() || degrees.tensor() == 1) {
      return 0;
    }
    double bytes = (double) WORD_BYTES * all * model.hiddenSize();
    return 2
        * allReduce.seconds(bytes, degrees.tensor())
        * ReallmModel.share(model.layers(), degrees.pipeline());
  }

  @FunctionalInterface
  private interface Computed {
    double seconds(int size);
  }

  /** Seconds by a size; NaN where none was asked for yet. */
  private final class Kept {
    private double[] seconds = new double[0];
    private boolean[] ties = new boolean[0];

    double find(int size, Computed computed) {
      if (size >= seconds.length) {
        int before = seconds.length;
        int capacity = Math.max(SMALLEST, Integer.highestOneBit(size) << 1);
        seconds = Arrays.copyOf(seconds, capacity);
        Arrays.fill(seconds, before, capacity, Double.NaN);
        ties = Arrays.copyOf(ties, capacity);
      }
      if (Double.isNaN(seconds[size])) {
        long tiesBefore = times.ties();
        seconds[size] = computed.seconds(size);
        ties[size] = times.ties() > tiesBefore;
      }
      tied |= ties[size];
      return seconds[size];
    }
  }
}
