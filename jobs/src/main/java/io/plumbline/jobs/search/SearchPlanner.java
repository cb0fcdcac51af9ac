package io.plumbline.jobs.search;

import io.plumbline.files.BadInputException;
import io.plumbline.files.CodeVersion;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.search.SearchPlan.Case;
import io.plumbline.jobs.sweep.Configurations;
import io.plumbline.jobs.sweep.Configurations.Configuration;
import io.plumbline.jobs.sweep.Configurations.Skipped;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.simulator.capacity.Slo;
import io.plumbline.trace.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Turns a search file, which is a sweep file with a part {@code search}, into searches. */
public final class SearchPlanner {
  /** What a verdict is; how a rate is searched is no part of it, but where it may lie is. */
  private static final String VERSION = CodeVersion.of(Slo.class);

  private SearchPlanner() {}

  /**
   * Reads and checks a search file.
   *
   * @param modelsDir folder of the cards
   * @throws BadInputException listing every problem with its place
   */
  public static SearchPlan plan(Path file, Path modelsDir, PathResolver paths) {
    ConfNode root = ConfNode.read(file);
    Problems problems = new Problems();
    if (root.kind() != ConfNode.Kind.MAPPING) {
      problems.add(root, "must be a mapping with name, search and simulate");
    }
    problems.throwIfAny(file.toString());
    ConfNode stated =
        root.get("search") == null ? ConfNode.parse(root.file(), "{}") : root.get("search");
    SearchSpec spec = RecordBinder.bind(stated, SearchSpec.class, problems);
    List<SloFile.Named> slos = spec == null ? List.of() : SloFile.read(spec.slo(), problems);
    Configurations configurations =
        Configurations.plan(
            root.without("search"), modelsDir, paths, spec == null ? 1 : spec.seeds(), problems);
    if (configurations != null) {
      requireRates(configurations, problems);
      Set<String> devices = new TreeSet<>(new HardwareCards(modelsDir).deviceNames());
      configurations
          .runnable()
          .forEach(one -> one.devices().forEach(device -> devices.add(device.name())));
      requireKnown(stated.get("prices_per_hour_dollars"), devices, problems);
      requireKnown(stated.get("tdp_watts"), devices, problems);
    }
    problems.throwIfAny(file.toString());
    if (configurations.runnable().isEmpty()) {
      Skipped first = configurations.skipped().get(0);
      throw new BadInputException(
          "%s: none of the %d configurations can run. The first: %s"
              .formatted(file, configurations.skipped().size(), first.reason()));
    }
    return new SearchPlan(spec, configurations, slos, cases(spec, configurations, slos));
  }

  private static void requireKnown(ConfNode stated, Set<String> devices, Problems problems) {
    if (stated == null) {
      return;
    }
    stated
        .entries()
        .forEach(
            (name, value) -> {
              if (!devices.contains(name)) {
                problems.add(value, "names no device card. " + Names.hint(name, devices));
              }
            });
  }

  private static void requireRates(Configurations configurations, Problems problems) {
    for (Configuration configuration : configurations.runnable()) {
      for (SweepPoint draw : configuration.draws()) {
        try {
          configurations.workloads().get(draw.workloadId()).requestsPerSecond();
        } catch (IllegalArgumentException e) {
          problems.add(configuration.tree().get("workload"), e.getMessage());
        }
      }
    }
  }

  private static List<Case> cases(
      SearchSpec spec, Configurations configurations, List<SloFile.Named> slos) {
    List<Case> cases = new ArrayList<>();
    for (Configuration configuration : configurations.runnable()) {
      for (int s = 0; s < slos.size(); s++) {
        cases.add(
            new Case(
                id(spec, configuration, slos.get(s)),
                configuration.position() * slos.size() + s,
                configuration,
                slos.get(s)));
      }
    }
    return cases;
  }

  private static String id(SearchSpec spec, Configuration configuration, SloFile.Named slo) {
    Sha256 hash =
        new Sha256()
            .putText(VERSION)
            .putText(slo.json())
            .putText(
                "%s %s %s %s"
                    .formatted(
                        spec.tolerancePercent(),
                        spec.startRequestsPerSecond(),
                        spec.lowestRequestsPerSecond(),
                        spec.highestRequestsPerSecond()));
    configuration.draws().forEach(draw -> hash.putText(draw.runId()));
    return "c" + hash.shortHex();
  }
}
