package io.plumbline.jobs.search;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.card.DeviceCard;
import io.plumbline.jobs.search.SearchPlan.Case;
import io.plumbline.jobs.sweep.Configurations.Configuration;
import io.plumbline.jobs.sweep.Configurations.Skipped;
import io.plumbline.jobs.table.CapacityRow;
import io.plumbline.jobs.table.ParetoRow;
import io.plumbline.simulator.SimulationSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rows of the table {@code pareto} of one search. */
final class ParetoRows {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double MILLION = 1e6;

  private final SearchPlan plan;
  private final Map<String, CapacityRow> capacities;
  private final Map<String, String> failures;

  /**
   * @param capacities by id
   * @param failures messages by id
   */
  ParetoRows(SearchPlan plan, Map<String, CapacityRow> capacities, Map<String, String> failures) {
    this.plan = plan;
    this.capacities = capacities;
    this.failures = failures;
  }

  /** All of them, ranked, in the order of the file. */
  List<ParetoRow> rows() {
    List<ParetoRow> rows = new ArrayList<>();
    for (Case one : plan.cases()) {
      rows.add(row(one));
    }
    for (Skipped skipped : plan.configurations().skipped()) {
      for (int s = 0; s < plan.slos().size(); s++) {
        rows.add(skipped(skipped, skipped.position() * plan.slos().size() + s, plan.slos().get(s)));
      }
    }
    rows.sort(Comparator.comparingInt(ParetoRow::position));
    return new Ranking(plan.spec().rankBy()).ranked(rows);
  }

  private ParetoRow row(Case one) {
    Configuration configuration = one.configuration();
    CapacityRow found = capacities.get(one.capacityId());
    String failure = failures.get(one.capacityId());
    Double rate = found == null ? null : found.requestsPerSecond();
    SimulationSpec spec = configuration.draws().get(0).spec();
    int devices = spec.devices();
    Double price = mean(configuration, this::price);
    Double watts = mean(configuration, this::watts);
    Double dollarsPerSecond = price == null ? null : devices * price / SECONDS_PER_HOUR;
    return new ParetoRow(
        plan.name(),
        one.position(),
        one.capacityId(),
        configuration.axesJson(),
        name(configuration.tree().get("model")),
        configuration.tree().get("workload").toJson(),
        one.slo().json(),
        joined(configuration, DeviceCard::name),
        configuration.draws().get(0).tags().scheduler(),
        devices,
        failure != null || found == null ? "broken" : found.outcome(),
        failure,
        rate,
        found == null ? null : found.lowerRequestsPerSecond(),
        found == null ? null : found.upperRequestsPerSecond(),
        rate == null ? null : rate * plan.spec().operatingPointPercent() / 100,
        price,
        watts,
        rate == null ? null : rate / devices,
        rate == null || price == null ? null : rate / dollarsPerSecond,
        rate == null || watts == null ? null : rate / (devices * watts),
        rate == null || price == null || !(found.tokensPerSecond() > 0)
            ? null
            : dollarsPerSecond / found.tokensPerSecond() * MILLION,
        found == null ? null : found.ttftP90Ns(),
        found == null ? null : found.tbtP99Ns(),
        null,
        null,
        null,
        null,
        rankBy(),
        price == null ? null : joined(configuration, this::priceSource));
  }

  private Double price(DeviceCard card) {
    return plan.spec().pricesPerHourDollars().getOrDefault(card.name(), card.pricePerHourDollars());
  }

  private Double watts(DeviceCard card) {
    return plan.spec().tdpWatts().getOrDefault(card.name(), card.tdpWatts());
  }

  private String priceSource(DeviceCard card) {
    return plan.spec().pricesPerHourDollars().containsKey(card.name())
        ? "stated in the search file"
        : card.sources().get("price_per_hour_dollars");
  }

  /** The mean over all devices of all pools; null if one is unknown. */
  private static Double mean(Configuration configuration, Function<DeviceCard, Double> number) {
    SimulationSpec spec = configuration.draws().get(0).spec();
    if (configuration.devices().size() == 1) {
      return number.apply(configuration.devices().get(0));
    }
    double sum = 0;
    for (int p = 0; p < configuration.devices().size(); p++) {
      Double ofDevice = number.apply(configuration.devices().get(p));
      if (ofDevice == null) {
        return null;
      }
      sum += ofDevice * spec.pools().get(p).devices();
    }
    return sum / spec.devices();
  }

  private static String joined(Configuration configuration, Function<DeviceCard, String> text) {
    return configuration.devices().stream().map(text).distinct().collect(Collectors.joining("+"));
  }

  private ParetoRow skipped(Skipped skipped, int position, SloFile.Named slo) {
    return new ParetoRow(
        plan.name(),
        position,
        null,
        skipped.axesJson(),
        name(skipped.tree().get("model")),
        skipped.tree().get("workload").toJson(),
        slo.json(),
        skipped.tree().get("device") == null ? "pools" : name(skipped.tree().get("device")),
        null,
        null,
        "skipped",
        skipped.misfit().verb() + ": " + skipped.reason(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        rankBy(),
        null);
  }

  private String rankBy() {
    return plan.spec().rankBy().name().toLowerCase(Locale.ROOT);
  }

  /** A card's name, or the mapping that stands for one. */
  private static String name(ConfNode stated) {
    return stated.kind() == ConfNode.Kind.SCALAR ? stated.text() : stated.toJson();
  }
}
