package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.reallm.KernelLatencies;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.ReallmOperator;
import io.plumbline.simulator.learning.Samples;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads kernel libraries of ReaLLM: the files of one device in a folder. */
final class ReallmLibraries implements ProfileSource {
  private final PathResolver paths;
  private final HardwareCards cards;

  ReallmLibraries(PathResolver paths, HardwareCards cards) {
    this.paths = paths;
    this.cards = cards;
  }

  @Override
  public OperatorProfile profile(ProfileQuery query, Deployment deployment) {
    Path folder = paths.resolve(query.root());
    String device = device(folder, query, deployment);
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    for (ReallmOperator operator : ReallmOperator.values()) {
      Path file = KernelLatencies.find(folder, device, operator.kind().word());
      if (file != null) {
        samples.put(operator, samples(file, operator));
      }
    }
    if (samples.size() < ReallmOperator.values().length) {
      throw new BadInputException(
          "%s: the library of %s has %s and lacks another of the five kinds of kernels. Maybe files of it are missing."
              .formatted(folder, device, samples.keySet()));
    }
    return new OperatorProfile(samples);
  }

  private String device(Path folder, ProfileQuery query, Deployment deployment) {
    List<String> names =
        query.variant() == null
            ? cards.namesOfDevice(deployment.device().name())
            : List.of(query.variant());
    for (String name : names) {
      if (KernelLatencies.find(folder, name, ReallmOperator.MATMUL.kind().word()) != null) {
        return name;
      }
    }
    throw new BadInputException(
        "no kernel library of %s in %s. Maybe library: the name that its files begin with, or method: roofline"
            .formatted(String.join(" or ", names), folder));
  }

  private static Samples samples(Path file, ReallmOperator operator) {
    KernelLatencies rows = KernelLatencies.read(file, operator.kind().columns());
    double[][] features = new double[operator.kind().dimensions()][rows.seconds().length];
    for (int row = 0; row < rows.seconds().length; row++) {
      for (int i = 0; i < features.length; i++) {
        features[i][row] = rows.shapes()[row][i];
      }
    }
    return new Samples(features, rows.seconds());
  }
}
