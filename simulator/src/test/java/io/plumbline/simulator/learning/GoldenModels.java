package io.plumbline.simulator.learning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** One set of models that the original Vidur trained: what they learned from and what they say. */
record GoldenModels(Path folder) {

  /** All sets below a folder, by name. */
  static List<GoldenModels> in(Path tables) {
    return sorted(tables).map(GoldenModels::new).toList();
  }

  String name() {
    return folder.getFileName().toString();
  }

  List<String> operators() {
    return sorted(folder.resolve("train"))
        .map(file -> file.getFileName().toString().replace(".csv.gz", ""))
        .toList();
  }

  boolean isForest() {
    return name().startsWith("rf");
  }

  /** The grid that the set was searched with. */
  LearnerSpec learner(ForestDraws draws) {
    RandomForestSpec defaults = RandomForestSpec.defaults();
    return isForest()
        ? new RandomForestSpec(
            List.of(250),
            defaults.maxDepth(),
            defaults.minSamplesSplit(),
            defaults.folds(),
            defaults.seed(),
            draws)
        : PolynomialSpec.defaults();
  }

  /** Training points; the columns are features, target and the fitted model's prediction. */
  Samples samples(String operator) {
    double[][] columns = columns(folder.resolve("train").resolve(operator + ".csv.gz"));
    return new Samples(
        Arrays.copyOf(columns, columns.length - 2), columns[columns.length - 2].clone());
  }

  /** The prediction table; the columns are features and predicted ms. */
  double[][] table(String operator) {
    Path plain = folder.resolve(operator + ".csv");
    return columns(Files.exists(plain) ? plain : folder.resolve(operator + ".csv.gz"));
  }

  private static Stream<Path> sorted(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[][] columns(Path file) {
    try (InputStream in = Files.newInputStream(file);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                    StandardCharsets.UTF_8))) {
      int columns = reader.readLine().split(",", -1).length;
      double[][] rows =
          reader
              .lines()
              .map(
                  line -> Stream.of(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new);
      double[][] values = new double[columns][rows.length];
      for (int row = 0; row < rows.length; row++) {
        for (int column = 0; column < columns; column++) {
          values[column][row] = rows[row][column];
        }
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
