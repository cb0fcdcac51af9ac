package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.plumbline.files.BadInputException;
import io.plumbline.files.weights.SafetensorsFolder;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.serving.Greedy;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights take the way out as DJL writes them, under the names of Hugging Face, and come back. */
class SafetensorsWeightsTest {
  @TempDir Path folder;

  private NDManager manager;

  static ModelSpec[] shapes() {
    return new ModelSpec[] {Shapes.LLAMA, Shapes.QWEN2, Shapes.QWEN3};
  }

  @BeforeEach
  void open() {
    manager = Engine.getEngine(DjlEngine.ENGINE).newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aModelOfHuggingFace_isReadWholeAndInOrder(ModelSpec model) throws IOException {
    DecoderWeights written =
        DecoderWeights.load(manager, model, new RandomWeights(5), UnaryOperator.identity());
    write(model, written);

    DecoderWeights read = read(model);

    assertEqual(read.embedding(), written.embedding());
    assertEqual(read.finalNorm(), written.finalNorm());
    assertEqual(read.head(), written.head());
    assertThat(read.head() == read.embedding()).isEqualTo(model.tiedEmbeddings());
    assertThat(read.layers()).hasSameSizeAs(written.layers());
    for (int layer = 0; layer < model.layers(); layer++) {
      assertThat(read.layers().get(layer).present())
          .zipSatisfy(written.layers().get(layer).present(), SafetensorsWeightsTest::assertEqual);
    }
  }

  @Test
  void theEngineServesThem_likeTheSameWeightsDrawn() throws IOException {
    ModelSpec model = Shapes.QWEN3;
    write(
        model, DecoderWeights.load(manager, model, new RandomWeights(5), UnaryOperator.identity()));

    long[] tokens = tokens(model, new WeightsSpec.SafetensorsSpec(folder.toString()), 0);

    assertThat(tokens).hasSize(9).isEqualTo(tokens(model, new WeightsSpec.RandomSpec(), 5));
    assertThat(tokens).isNotEqualTo(tokens(model, new WeightsSpec.RandomSpec(), 6));
  }

  private static long[] tokens(ModelSpec model, WeightsSpec weights, int seed) {
    ServingPlan plan =
        ServingPlan.of(
            model,
            new Workload(List.of(new Request(0, 0, 4, 9))),
            SarathiSpec.defaults(),
            KvCacheSpec.defaults());
    DjlOptions options =
        new DjlOptions(DeviceChoice.CPU, Dtype.FLOAT32, Operators.TORCH_SCRIPT, weights, 1, seed);
    try (DjlEngine engine = DjlEngine.open(plan, options)) {
      return Greedy.continuation(plan, engine, new long[] {3, 1, 4, 1});
    }
  }

  @Test
  void weightsOfAnotherShape_areNamed() throws IOException {
    write(
        Shapes.LLAMA,
        DecoderWeights.load(manager, Shapes.LLAMA, new RandomWeights(5), UnaryOperator.identity()));

    assertThatThrownBy(() -> read(Shapes.QWEN2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no tensor model.layers.0.self_attn.q_proj.bias");
    assertThatThrownBy(() -> read(Shapes.GELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model gelu has gatedMlp = false: only weights of Llama-like models can be read");
  }

  private DecoderWeights read(ModelSpec model) {
    try (WeightSource source = new SafetensorsWeights(SafetensorsFolder.open(folder))) {
      return DecoderWeights.load(manager, model, source, UnaryOperator.identity());
    }
  }

  private static void assertEqual(NDArray actual, NDArray expected) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    assertThat(actual.toFloatArray()).isEqualTo(expected.toFloatArray());
  }

  private void write(ModelSpec model, DecoderWeights weights) throws IOException {
    NDList tensors = new NDList();
    add(tensors, "model.embed_tokens.weight", weights.embedding());
    add(tensors, "model.norm.weight", weights.finalNorm());
    if (!model.tiedEmbeddings()) {
      add(tensors, "lm_head.weight", weights.head());
    }
    for (int i = 0; i < model.layers(); i++) {
      addLayer(tensors, "model.layers." + i + ".", model, weights.layers().get(i));
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      tensors.encode(out, NDList.Encoding.SAFETENSORS);
    }
  }

  private static void addLayer(NDList tensors, String prefix, ModelSpec model, LayerWeights layer) {
    int queries = model.queryHeads() * model.headDim();
    int keys = model.kvHeads() * model.headDim();
    int width = model.mlpHiddenSize();
    add(tensors, prefix + "input_layernorm.weight", layer.attentionNorm());
    String[] projections = {"q_proj", "k_proj", "v_proj"};
    int[] bounds = {0, queries, queries + keys, queries + 2 * keys};
    for (int i = 0; i < projections.length; i++) {
      String name = prefix + "self_attn." + projections[i];
      add(tensors, name + ".weight", rows(layer.qkv(), bounds[i], bounds[i + 1]));
      if (model.qkvBias()) {
        add(tensors, name + ".bias", rows(layer.qkvBias(), bounds[i], bounds[i + 1]));
      }
    }
    if (model.queryKeyNorm()) {
      add(tensors, prefix + "self_attn.q_norm.weight", layer.queryNorm());
      add(tensors, prefix + "self_attn.k_norm.weight", layer.keyNorm());
    }
    add(tensors, prefix + "self_attn.o_proj.weight", layer.attentionOut());
    add(tensors, prefix + "post_attention_layernorm.weight", layer.mlpNorm());
    add(tensors, prefix + "mlp.gate_proj.weight", rows(layer.mlpIn(), 0, width));
    add(tensors, prefix + "mlp.up_proj.weight", rows(layer.mlpIn(), width, 2 * width));
    add(tensors, prefix + "mlp.down_proj.weight", layer.mlpOut());
  }

  private static NDArray rows(NDArray array, int from, int to) {
    return array.get(new NDIndex().addSliceDim(from, to));
  }

  private static void add(NDList tensors, String name, NDArray array) {
    NDArray own = array.duplicate();
    own.setName(name);
    tensors.add(own);
  }
}
