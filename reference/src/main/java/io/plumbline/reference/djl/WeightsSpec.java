package io.plumbline.reference.djl;

import io.plumbline.files.weights.SafetensorsFolder;
import io.plumbline.files.workload.PathResolver;
import java.nio.file.Path;

/** Where the weights of the model come from; the key {@code kind} of a file selects one. */
public sealed interface WeightsSpec permits WeightsSpec.RandomSpec, WeightsSpec.SafetensorsSpec {

  /**
   * Opens the source.
   *
   * @param seed seed of what is drawn
   */
  WeightSource open(int seed);

  /**
   * Drawn from the seed: the time of a dense decoder does not depend on its weights. The same seed
   * on the same device gives the same weights.
   */
  record RandomSpec() implements WeightsSpec {
    @Override
    public WeightSource open(int seed) {
      return new RandomWeights(seed);
    }
  }

  /**
   * The weights of a trained model.
   *
   * @param folder with {@code model.safetensors} or its index; looked for in the working directory,
   *     Plumbline's folder and {@code EXTERNAL_REF_ROOT}
   */
  record SafetensorsSpec(String folder) implements WeightsSpec {
    @Override
    public WeightSource open(int seed) {
      String external = System.getenv(PathResolver.EXTERNAL_REF_ROOT);
      PathResolver paths =
          new PathResolver(Path.of(""), external == null ? null : Path.of(external));
      return new SafetensorsWeights(SafetensorsFolder.open(paths.resolve(folder)));
    }
  }
}
