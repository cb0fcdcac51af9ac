package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.LayerOperator;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.learning.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads profiles in LLMServingSim's layout: {@code DEVICE/MODEL/VARIANT/tpN/} with {@code
 * dense.csv}, {@code per_sequence.csv}, {@code attention.csv}, for mixtures of experts {@code
 * moe.csv}, and {@code skew_fit.csv}, which counts only if {@code meta.yaml} beside the folders
 * says that it was made for this device.
 */
final class LayerProfiles implements ProfileSource {
  private static final double UNBOUNDED = 1e12;

  private final PathResolver paths;
  private final HardwareCards cards;

  LayerProfiles(PathResolver paths, HardwareCards cards) {
    this.paths = paths;
    this.cards = cards;
  }

  @Override
  public OperatorProfile profile(ProfileQuery query, Deployment deployment) {
    int tensor = deployment.parallelism().tensor();
    Path variant = variant(query, deployment);
    Path folder = variant.resolve("tp" + tensor);
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    readByLayer(folder.resolve("dense.csv"), "tokens", samples);
    readByLayer(folder.resolve("per_sequence.csv"), "sequences", samples);
    samples.put(
        LayerOperator.ATTENTION,
        read(
            folder.resolve("attention.csv"),
            "prefill_chunk",
            "kv_prefill",
            "n_decode",
            "kv_decode"));
    if (deployment.model().mixtureOfExperts()) {
      // The experts of one device are measured without a tensor degree of their own.
      Path moe = folder.resolve("moe.csv");
      samples.put(LayerOperator.MOE, read(moe, "activated_experts", "tokens"));
    }
    readSkew(variant.resolve("meta.yaml"), folder, tensor, samples);
    return new OperatorProfile(samples);
  }

  private Path variant(ProfileQuery query, Deployment deployment) {
    Path root = paths.resolve(query.root());
    for (String name : cards.namesOfDevice(deployment.device().name())) {
      Path folder = root.resolve(name).resolve(deployment.model().name()).resolve(query.variant());
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    throw new BadInputException(
        "no profile of %s on %s in %s. Maybe choose a model and device that were profiled, or the predictor roofline, which needs no profile."
            .formatted(deployment.model().name(), deployment.device().name(), root));
  }

  /** One operator per name in the column {@code layer}; names that are not known cost nothing. */
  private static void readByLayer(Path file, String size, Map<Operator, Samples> samples) {
    Map<String, List<double[]>> rows = new LinkedHashMap<>();
    new CsvTable(file, "layer", size, "time_us")
        .forEach(
            row ->
                rows.computeIfAbsent(row.text("layer"), unused -> new ArrayList<>())
                    .add(
                        new double[] {
                          row.decimal(size).doubleValue(), row.decimal("time_us").doubleValue()
                        }));
    for (LayerOperator operator : LayerOperator.values()) {
      List<double[]> points = rows.remove(operator.profileName());
      if (points != null) {
        samples.put(operator, samples(points));
      }
    }
    if (!rows.isEmpty()) {
      throw new BadInputException(
          "%s: layer %s is not known. Known: %s"
              .formatted(
                  file,
                  rows.keySet().iterator().next(),
                  String.join(
                      ", ",
                      Arrays.stream(LayerOperator.values())
                          .map(LayerOperator::profileName)
                          .toList())));
    }
  }

  private static Samples read(Path file, String... sizes) {
    List<double[]> points = new ArrayList<>();
    new CsvTable(file, with("time_us", sizes))
        .forEach(
            row -> {
              double[] point = new double[sizes.length + 1];
              for (int i = 0; i < sizes.length; i++) {
                point[i] = row.decimal(sizes[i]).doubleValue();
              }
              point[sizes.length] = row.decimal("time_us").doubleValue();
              points.add(point);
            });
    return samples(points);
  }

  private static String[] with(String last, String[] first) {
    String[] all = Arrays.copyOf(first, first.length + 1);
    all[first.length] = last;
    return all;
  }

  /** The last number of a point is its time. */
  private static Samples samples(List<double[]> points) {
    int features = points.get(0).length - 1;
    double[][] columns = new double[features + 1][points.size()];
    for (int row = 0; row < points.size(); row++) {
      for (int column = 0; column <= features; column++) {
        columns[column][row] = points.get(row)[column];
      }
    }
    return new Samples(Arrays.copyOf(columns, features), columns[features]);
  }

  private static void readSkew(
      Path metaFile, Path folder, int tensor, Map<Operator, Samples> samples) {
    if (!Files.exists(metaFile)) {
      throw new BadInputException("no such file: " + metaFile);
    }
    ConfNode fit = ConfNode.read(metaFile).get("skew_fit");
    if (fit == null || fit.get("enabled") == null || !"true".equals(fit.get("enabled").text())) {
      return;
    }
    ConfNode tensorFit = fit.get("per_tp") == null ? null : fit.get("per_tp").get("" + tensor);
    if (tensorFit == null || tensorFit.get("alpha_default") == null) {
      throw new BadInputException(
          "%s: skew_fit.per_tp.%d.alpha_default: missing key".formatted(metaFile, tensor));
    }
    double otherwise = Double.parseDouble(tensorFit.get("alpha_default").text());
    List<double[]> points = new ArrayList<>();
    new CsvTable(
            folder.resolve("skew_fit.csv"),
            "pc",
            "n_label",
            "skew_rate_label",
            "kv_big_label",
            "kp_label",
            "alpha")
        .forEach(
            row ->
                points.add(
                    new double[] {
                      row.decimal("pc").doubleValue(),
                      bound(row.text("n_label"), text -> text),
                      bound(row.text("skew_rate_label"), text -> text.replace("%", "e-2")),
                      bound(row.text("kv_big_label"), text -> text),
                      bound(row.text("kp_label"), text -> text),
                      row.decimal("alpha").doubleValue()
                    }));
    samples.put(LayerOperator.SKEW, samples(points));
    samples.put(
        LayerOperator.SKEW_DEFAULT, new Samples(new double[][] {{0}}, new double[] {otherwise}));
  }

  /**
   * The upper bound in labels such as {@code n<=64}, {@code kvB<=4k}, {@code kp=0}, {@code sr>70%}.
   */
  private static double bound(String label, UnaryOperator<String> number) {
    if (label.contains(">")) {
      return UNBOUNDED;
    }
    String text = number.apply(label.substring(label.indexOf('=') + 1));
    return text.endsWith("k")
        ? 1024 * Double.parseDouble(text.substring(0, text.length() - 1))
        : Double.parseDouble(text);
  }
}
