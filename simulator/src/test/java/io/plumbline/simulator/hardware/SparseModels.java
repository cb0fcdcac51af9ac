package io.plumbline.simulator.hardware;

import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightQuantization;

/** Models with experts, real ones as their cards have them, on devices of real rates. */
public final class SparseModels {
  /** FP8, INT8 and no FP4. */
  public static final DeviceSku H100 =
      new DeviceSku("h100", 85_520_809_984L, 989.4e12, 1978.9e12, 1978.9e12, null, 3.35e12, 3e-6);

  /** No FP8. */
  public static final DeviceSku A100 =
      new DeviceSku("a100", 80L << 30, 312e12, null, 624e12, null, 2.039e12, 3e-6);

  public static final NodeSku DGX = new NodeSku("dgx", 8, 8, 450e9, 1e-6, null, 50e9, 5e-6);

  private SparseModels() {}

  public static ModelSpec deepSeekV2Lite() {
    return model(
        "DeepSeek-V2-Lite",
        new int[] {27, 16, 16, 128, 2048, 10944, 102400},
        new ExpertLayers(64, 6, 1408, 2, 1),
        new LatentAttention(null, 512, 128, 64, 128));
  }

  public static ModelSpec deepSeekV3() {
    return model(
        "DeepSeek-V3",
        new int[] {61, 128, 128, 56, 7168, 18432, 129280},
        new ExpertLayers(256, 8, 2048, 1, 3),
        new LatentAttention(1536, 512, 128, 64, 128));
  }

  public static ModelSpec qwen3() {
    return model(
        "Qwen3-30B-A3B",
        new int[] {48, 32, 4, 128, 2048, 6144, 151936},
        new ExpertLayers(128, 8, 768, 0, 0),
        null);
  }

  public static ModelSpec mixtral() {
    return model(
        "Mixtral-8x7B",
        new int[] {32, 32, 8, 128, 4096, 14336, 32000},
        new ExpertLayers(8, 2, 14336, 0, 0),
        null);
  }

  /**
   * A model that is not tied.
   *
   * @param sizes layers, heads of queries, of keys, width of a head, hidden, MLP, vocabulary
   */
  public static ModelSpec model(
      String name, int[] sizes, ExpertLayers experts, LatentAttention latent) {
    return new ModelSpec(
        name, sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], 4096, true,
        true, false, false, false, 10000, 1e-6, experts, latent, null);
  }

  /**
   * A replica behind NVLink.
   *
   * @param format of the weights; null for 16 bits
   */
  public static Deployment on(
      DeviceSku device, ModelSpec model, Parallelism parallelism, WeightFormat format) {
    return on(device, model, parallelism, format, KvFormat.AUTO);
  }

  public static Deployment on(
      DeviceSku device,
      ModelSpec model,
      Parallelism parallelism,
      WeightFormat format,
      KvFormat kvFormat) {
    WeightQuantization quantization = format == null ? null : WeightQuantization.of(format);
    return new Deployment(
        model, device, DGX, parallelism, DataType.FLOAT16, quantization, kvFormat);
  }
}
