package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.plumbline.reference.djl.WeightSource.Part;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * All weights of a decoder, shared by every request it serves.
 *
 * @param embedding [vocabulary, hidden]
 * @param layers in order
 * @param finalNorm scale of the last norm
 * @param head LM head [vocabulary, hidden]; the embedding itself if tied
 */
record DecoderWeights(
    NDArray embedding, List<LayerWeights> layers, NDArray finalNorm, NDArray head) {

  /**
   * Loads all weights onto the manager's device.
   *
   * @param manager owns them
   * @param toDtype gives a float32 array in the format of the model; the same array if that is it
   */
  static DecoderWeights load(
      NDManager manager, ModelSpec model, WeightSource source, UnaryOperator<NDArray> toDtype) {
    source.requireServes(model);
    return new Loading(manager, model, source, toDtype).all();
  }

  /** One loading; the order of its calls is the order in which random weights are drawn. */
  private record Loading(
      NDManager manager, ModelSpec model, WeightSource source, UnaryOperator<NDArray> toDtype) {

    DecoderWeights all() {
      int hidden = model.hiddenSize();
      NDArray embedding =
          matrix(hidden, new Part("model.embed_tokens.weight", model.vocabularySize()));
      List<LayerWeights> layers = new ArrayList<>(model.layers());
      for (int layer = 0; layer < model.layers(); layer++) {
        layers.add(layer("model.layers.%d.".formatted(layer)));
      }
      NDArray finalNorm = scale("model.norm.weight", hidden);
      NDArray head =
          model.tiedEmbeddings()
              ? embedding
              : matrix(hidden, new Part("lm_head.weight", model.vocabularySize()));
      return new DecoderWeights(embedding, List.copyOf(layers), finalNorm, head);
    }

    private LayerWeights layer(String prefix) {
      String attention = prefix + "self_attn.";
      int hidden = model.hiddenSize();
      int width = model.mlpHiddenSize();
      int queryWidth = model.queryHeads() * model.headDim();
      int headDim = model.headDim();
      Part up = new Part(prefix + "mlp.up_proj.weight", width);
      return new LayerWeights(
          scale(prefix + "input_layernorm.weight", hidden),
          matrix(hidden, qkv(attention, "weight")),
          model.qkvBias() ? toDtype(source.bias(manager, qkv(attention, "bias"))) : null,
          model.queryKeyNorm() ? scale(attention + "q_norm.weight", headDim) : null,
          model.queryKeyNorm() ? scale(attention + "k_norm.weight", headDim) : null,
          matrix(queryWidth, new Part(attention + "o_proj.weight", hidden)),
          scale(prefix + "post_attention_layernorm.weight", hidden),
          model.gatedMlp()
              ? matrix(hidden, new Part(prefix + "mlp.gate_proj.weight", width), up)
              : matrix(hidden, up),
          matrix(width, new Part(prefix + "mlp.down_proj.weight", hidden)));
    }

    private Part[] qkv(String attention, String what) {
      int kvWidth = model.kvHeads() * model.headDim();
      return new Part[] {
        new Part(attention + "q_proj." + what, model.queryHeads() * model.headDim()),
        new Part(attention + "k_proj." + what, kvWidth),
        new Part(attention + "v_proj." + what, kvWidth)
      };
    }

    private NDArray matrix(int columns, Part... parts) {
      return toDtype(source.matrix(manager, columns, parts));
    }

    private NDArray scale(String name, int width) {
      return toDtype(source.scale(manager, new Part(name, width)));
    }

    private NDArray toDtype(NDArray single) {
      NDArray converted = toDtype.apply(single);
      if (converted != single) {
        single.close();
      }
      return converted;
    }
  }
}
