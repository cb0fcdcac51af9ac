package io.plumbline.reference.djl;

import io.plumbline.reference.profiling.ProfiledOperator;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TorchScript of the decoder of one model: its sizes are constants in it, and what the model does
 * not have is not there.
 */
final class DecoderScript {
  /** Weights before those of the layers: embedding, last norm, LM head. */
  static final int LEADING_WEIGHTS = 3;

  private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z_.]+)}");

  /** Everything but the forward. */
  private static final String METHODS =
      """
      class Decoder(Module):
        __parameters__ = []
        __buffers__ = []
        def to_dtype(self: __torch__.Decoder, x: Tensor, dtype: int) -> Tensor:
          return torch.to(x, dtype)
        def zeros(self: __torch__.Decoder, shape: List[int], dtype: int, like: Tensor) -> Tensor:
          return torch.zeros(shape, dtype=dtype, device=like.device)
        def next_tokens(self: __torch__.Decoder, logits: Tensor) -> Tensor:
          return torch.argmax(logits, -1)
        def masks(self: __torch__.Decoder, positions: Tensor, groups: List[int], dtype: int) -> List[Tensor]:
          masks = annotate(List[Tensor], [])
          row = 0
          for g in range(torch.len(groups) // 3):
            b = groups[3 * g]
            s = groups[3 * g + 1]
            t = groups[3 * g + 2]
            if b * s == 1:
              _0 = torch.append(masks, positions)
            else:
              own = torch.view(positions[row:row + b * s], [b, 1, 1, s, 1])
              later = torch.gt(torch.view(torch.arange(t, dtype=4, device=positions.device), [1, 1, 1, 1, t]), own)
              mask = torch.masked_fill(torch.zeros([b, 1, 1, s, t], dtype=dtype, device=positions.device), later, float("-inf"))
              _1 = torch.append(masks, torch.reshape(torch.expand(mask, [b, 1, ${per_kv_head}, s, t]), [b, 1, ${per_kv_head} * s, t]))
            row = row + b * s
          return masks
      """;

  private static final String ARGUMENTS =
      "self: __torch__.Decoder, ids: Tensor, positions: Tensor, slots: Tensor,"
          + " context_slots: Tensor, yielding_rows: Tensor, groups: List[int], masks: List[Tensor],"
          + " weights: List[Tensor], keys: List[Tensor], values: List[Tensor], cos_table: Tensor,"
          + " sin_table: Tensor";

  /** Lines of the forward that are one operator to a profile. */
  private record Section(ProfiledOperator operator, String code) {}

  private static final Section EMBEDDING =
      new Section(
          ProfiledOperator.EMB,
          """
          cos = torch.index_select(cos_table, 0, positions)
          sin = torch.index_select(sin_table, 0, positions)
          x = torch.embedding(weights[0], ids)
          """);

  /**
   * One block. Attention goes by groups as {@link BatchLayout} has them: b requests with s tokens
   * each and a context of t. The query heads that share a key/value head are folded into its rows:
   * measured on CPUs, PyTorch's attention is two to three times as fast that way as with
   * enable_gqa.
   */
  private static final List<Section> BLOCK =
      List.of(
          new Section(
              ProfiledOperator.INPUT_LAYERNORM,
              """
              h = torch.rms_norm(x, [${hidden}], weights[w + ${w.attention_norm}], ${epsilon})
              """),
          new Section(
              ProfiledOperator.ATTN_PRE_PROJ,
              """
              heads = torch.view(torch.linear(h, weights[w + ${w.qkv}]${bias}), [n, ${heads}, ${head_dim}])
              """),
          new Section(
              ProfiledOperator.ATTN_ROPE,
              """
              q = heads[:, 0:${query_heads}]
              k = heads[:, ${query_heads}:${query_and_key_heads}]
              q = ${q}
              k = ${k}
              q = torch.add(torch.mul(q, cos), torch.mul(torch.cat([torch.neg(q[:, :, ${half}:]), q[:, :, 0:${half}]], -1), sin))
              k = torch.add(torch.mul(k, cos), torch.mul(torch.cat([torch.neg(k[:, :, ${half}:]), k[:, :, 0:${half}]], -1), sin))
              """),
          new Section(
              ProfiledOperator.ATTN_KV_CACHE_SAVE,
              """
              _1 = torch.index_copy_(keys[layer], 0, slots, k)
              _2 = torch.index_copy_(values[layer], 0, slots, heads[:, ${query_and_key_heads}:])
              """),
          new Section(
              ProfiledOperator.ATTENTION,
              """
              mixed = annotate(List[Tensor], [])
              row = 0
              context_row = 0
              for g in range(torch.len(groups) // 3):
                b = groups[3 * g]
                s = groups[3 * g + 1]
                t = groups[3 * g + 2]
                context = context_slots[context_row:context_row + b * t]
                gk = torch.transpose(torch.view(torch.index_select(keys[layer], 0, context), [b, t, ${kv_heads}, ${head_dim}]), 1, 2)
                gv = torch.transpose(torch.view(torch.index_select(values[layer], 0, context), [b, t, ${kv_heads}, ${head_dim}]), 1, 2)
                gq = torch.permute(torch.view(q[row:row + b * s], [b, s, ${kv_heads}, ${per_kv_head}, ${head_dim}]), [0, 2, 3, 1, 4])
                gq = torch.reshape(gq, [b, ${kv_heads}, ${per_kv_head} * s, ${head_dim}])
                if b * s == 1:
                  o = torch.scaled_dot_product_attention(gq, gk, gv, None, 0., False, scale=None, enable_gqa=False)
                else:
                  o = torch.scaled_dot_product_attention(gq, gk, gv, masks[g], 0., False, scale=None, enable_gqa=False)
                o = torch.permute(torch.reshape(o, [b, ${kv_heads}, ${per_kv_head}, s, ${head_dim}]), [0, 3, 1, 2, 4])
                _3 = torch.append(mixed, torch.reshape(o, [b * s, ${query_heads} * ${head_dim}]))
                row = row + b * s
                context_row = context_row + b * t
              attended = torch.cat(mixed, 0)
              """),
          new Section(
              ProfiledOperator.ATTN_POST_PROJ,
              """
              y = torch.linear(attended, weights[w + ${w.attention_out}])
              """),
          new Section(
              ProfiledOperator.ADD,
              """
              x = torch.add(x, y)
              """),
          new Section(
              ProfiledOperator.POST_ATTENTION_LAYERNORM,
              """
              h = torch.rms_norm(x, [${hidden}], weights[w + ${w.mlp_norm}], ${epsilon})
              """),
          new Section(
              ProfiledOperator.MLP_UP_PROJ,
              """
              m = torch.linear(h, weights[w + ${w.mlp_in}])
              """),
          new Section(
              ProfiledOperator.MLP_ACT,
              """
              a = ${activation}
              """),
          new Section(
              ProfiledOperator.MLP_DOWN_PROJ,
              """
              y = torch.linear(a, weights[w + ${w.mlp_out}])
              """),
          new Section(
              ProfiledOperator.ADD,
              """
              x = torch.add(x, y)
              """));

  private static final Section HEAD =
      new Section(
          ProfiledOperator.LM_HEAD,
          """
          y = torch.rms_norm(torch.index_select(x, 0, yielding_rows), [${hidden}], weights[1], ${epsilon})
          logits = torch.linear(y, weights[2])
          """);

  private DecoderScript() {}

  /** Source of the class {@link TorchScriptArchive#CLASS}; its forward gives logits. */
  static String of(ModelSpec model) {
    return filled(model, forward("Tensor", "", Section::code, "logits"));
  }

  /**
   * The same with a forward that gives [logits, stamps]: times in ns, one at the start and one
   * after each of {@link #timedOperators}.
   *
   * @param calls how often each operator runs between two stamps
   * @param awaitDevice whether a stamp waits until the device is done
   */
  static String timed(ModelSpec model, int calls, boolean awaitDevice) {
    String stamp =
        (awaitDevice ? "_w = int(torch.select(ids, 0, 0))\n" : "")
            + "_t = torch.append(stamps, ops.prim.TimePoint())\n";
    return filled(
        model,
        forward(
            "List[Tensor]",
            "stamps = annotate(List[int], [])\n" + stamp,
            section -> section.code().repeat(calls) + stamp,
            "[logits, torch.tensor(stamps, dtype=4)]"));
  }

  /** What stands between the stamps of {@link #timed}, in their order. */
  static List<ProfiledOperator> timedOperators(ModelSpec model) {
    List<ProfiledOperator> operators = new ArrayList<>();
    operators.add(EMBEDDING.operator());
    for (int layer = 0; layer < model.layers(); layer++) {
      BLOCK.forEach(section -> operators.add(section.operator()));
    }
    operators.add(HEAD.operator());
    return operators;
  }

  private static String forward(
      String type, String start, Function<Section, String> code, String result) {
    StringBuilder block = new StringBuilder("w = ${leading} + layer * ${layer_weights}\n");
    BLOCK.forEach(section -> block.append(code.apply(section)));
    String body =
        "n = ids.size(0)\n"
            + start
            + code.apply(EMBEDDING)
            + "for layer in range(${layers}):\n"
            + block.toString().indent(2)
            + code.apply(HEAD)
            + "return %s\n".formatted(result);
    return METHODS + "  def forward(%s) -> %s:\n".formatted(ARGUMENTS, type) + body.indent(4);
  }

  private static String filled(ModelSpec model, String source) {
    Map<String, String> values = values(model);
    return PLACE
        .matcher(source)
        .replaceAll(place -> Matcher.quoteReplacement(value(values, place.group(1))));
  }

  private static String value(Map<String, String> values, String name) {
    if (!values.containsKey(name)) {
      throw new IllegalStateException("the decoder's TorchScript has no value for " + name);
    }
    return values.get(name);
  }

  private static Map<String, String> values(ModelSpec model) {
    List<String> weights = layerWeights(model);
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < weights.size(); i++) {
      values.put("w." + weights.get(i), Integer.toString(i));
    }
    put(values, "leading", LEADING_WEIGHTS);
    put(values, "layer_weights", weights.size());
    put(values, "layers", model.layers());
    put(values, "hidden", model.hiddenSize());
    put(values, "head_dim", model.headDim());
    put(values, "half", model.headDim() / 2);
    put(values, "query_heads", model.queryHeads());
    put(values, "kv_heads", model.kvHeads());
    put(values, "per_kv_head", model.queryHeads() / model.kvHeads());
    put(values, "query_and_key_heads", model.queryHeads() + model.kvHeads());
    put(values, "heads", model.queryHeads() + 2 * model.kvHeads());
    values.put("epsilon", Double.toString(model.normEpsilon()));
    values.put("bias", model.qkvBias() ? ", " + weight(weights, "qkv_bias") : "");
    values.put("q", normed(model, weights, "q", "query_norm"));
    values.put("k", normed(model, weights, "k", "key_norm"));
    int width = model.mlpHiddenSize();
    values.put(
        "activation",
        model.gatedMlp()
            ? "torch.mul(torch.silu(m[:, 0:%d]), m[:, %d:])".formatted(width, width)
            : "torch.gelu(m)");
    return values;
  }

  private static void put(Map<String, String> values, String name, int value) {
    values.put(name, Integer.toString(value));
  }

  /** Names of the weights that a layer has, in the order of {@link LayerWeights#present}. */
  private static List<String> layerWeights(ModelSpec model) {
    List<String> names = new ArrayList<>(List.of("attention_norm", "qkv"));
    if (model.qkvBias()) {
      names.add("qkv_bias");
    }
    if (model.queryKeyNorm()) {
      names.addAll(List.of("query_norm", "key_norm"));
    }
    names.addAll(List.of("attention_out", "mlp_norm", "mlp_in", "mlp_out"));
    return names;
  }

  private static String weight(List<String> weights, String name) {
    return "weights[w + %d]".formatted(weights.indexOf(name));
  }

  private static String normed(ModelSpec model, List<String> weights, String heads, String norm) {
    return model.queryKeyNorm()
        ? "torch.rms_norm(%s, [%d], %s, %s)"
            .formatted(heads, model.headDim(), weight(weights, norm), model.normEpsilon())
        : heads;
  }
}
