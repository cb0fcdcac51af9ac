package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import io.plumbline.reference.serving.Batch;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The decoder in DJL's arrays, one JNI call per operator.
 *
 * <p>Every temporary belongs to the manager of its layer or step, and an NDArray operation gives
 * its result to the manager of its first operand: activations therefore stand left of weights.
 */
final class NdArrayDecoder implements BatchDecoder {
  /** Far below any score and within float16, so that softmax makes it exactly zero. */
  private static final float MASKED = -6e4f;

  private final ModelSpec model;
  private final NDManager manager;
  private final Function<Batch, BatchLayout> grouping;
  private final DataType dtype;
  private final DecoderWeights weights;
  private final RotaryTable rotary;
  private final NDArray[] keys;
  private final NDArray[] values;

  private NDManager step;
  private BatchLayout layout;
  private Inputs inputs;
  private NDArray logits;

  /** The arrays of a batch on the device. */
  private record Inputs(
      NDArray ids,
      NDArray positions,
      NDIndex slots,
      List<NDIndex> contextSlots,
      List<NDArray> masks,
      NDIndex yieldingRows) {}

  /**
   * @param slots rows of the KV cache
   * @param maxContextTokens longest sequence, prompt and output together
   */
  NdArrayDecoder(
      NDManager parent,
      ModelSpec model,
      WeightSource source,
      long slots,
      int maxContextTokens,
      Dtype dtype,
      Function<Batch, BatchLayout> grouping) {
    if (dtype.dataType() == null) {
      throw new IllegalArgumentException(
          "operators nd_array cannot run in bfloat16. Maybe use operators torch_script.");
    }
    this.model = model;
    this.grouping = grouping;
    this.dtype = dtype.dataType();
    this.manager = parent.newSubManager();
    this.weights = DecoderWeights.load(manager, model, source, this::toDtype);
    this.rotary = RotaryTable.of(manager, model, maxContextTokens, this::toDtype);
    this.keys = new NDArray[model.layers()];
    this.values = new NDArray[model.layers()];
    Shape shape = new Shape(slots, model.kvHeads(), model.headDim());
    for (int layer = 0; layer < model.layers(); layer++) {
      keys[layer] = manager.zeros(shape, this.dtype);
      values[layer] = manager.zeros(shape, this.dtype);
    }
  }

  private NDArray toDtype(NDArray single) {
    return single.toType(dtype, false);
  }

  @Override
  public void prepare(Batch batch) {
    closeStep();
    step = manager.newSubManager();
    layout = grouping.apply(batch);
    NDArray positions = step.create(layout.positions());
    NDArray contextSlots = step.create(layout.contextSlots());
    List<NDIndex> contexts = new ArrayList<>();
    List<NDArray> masks = new ArrayList<>();
    int row = 0;
    int contextRow = 0;
    for (BatchLayout.Group group : layout.groups()) {
      int rows = group.requests() * group.tokens();
      int contextRows = group.requests() * group.context();
      contexts.add(
          new NDIndex("{}", contextSlots.get(slice(contextRow, contextRow + contextRows))));
      masks.add(rows == 1 ? null : mask(group, positions.get(slice(row, row + rows))));
      row += rows;
      contextRow += contextRows;
    }
    inputs =
        new Inputs(
            step.create(layout.ids()),
            positions,
            new NDIndex("{}", step.create(layout.slots())),
            contexts,
            masks,
            layout.yieldingRows().length == 0
                ? null
                : new NDIndex("{}", step.create(layout.yieldingRows())));
    awaitDevice();
  }

  /** Zero where a token may look, far below at the tokens after it: [requests, 1, 1, tokens, t]. */
  private NDArray mask(BatchLayout.Group group, NDArray positions) {
    NDArray own = positions.reshape(group.requests(), 1, 1, group.tokens(), 1);
    NDArray context = step.arange(group.context()).reshape(1, 1, 1, 1, group.context());
    return context.gt(own).toType(dtype, false).mul(MASKED);
  }

  private static NDIndex slice(long from, long to) {
    return new NDIndex().addSliceDim(from, to);
  }

  /** DJL cannot synchronise a device; reading a number back waits for all work before it. */
  private void awaitDevice() {
    if (manager.getDevice().isGpu()) {
      inputs.ids().getLong(0);
    }
  }

  @Override
  public void forward() {
    RotaryTable angles = rotary.at(step, inputs.positions());
    NDArray x =
        Embedding.embedding(inputs.ids(), weights.embedding(), SparseFormat.DENSE)
            .singletonOrThrow();
    for (int layer = 0; layer < model.layers(); layer++) {
      try (NDManager temporary = step.newSubManager()) {
        x.attach(temporary);
        x = x.add(attention(temporary, layer, x, angles));
        x = x.add(mlp(weights.layers().get(layer), x));
        x.attach(step);
      }
    }
    logits =
        inputs.yieldingRows() == null
            ? null
            : linear(
                rmsNorm(x.get(step, inputs.yieldingRows()), weights.finalNorm()), weights.head());
    awaitDevice();
  }

  private NDArray attention(NDManager temporary, int layer, NDArray x, RotaryTable angles) {
    LayerWeights w = weights.layers().get(layer);
    int queryHeads = model.queryHeads();
    int kvHeads = model.kvHeads();
    long rows = x.getShape().get(0);
    NDArray qkv = linear(rmsNorm(x, w.attentionNorm()), w.qkv());
    if (w.qkvBias() != null) {
      qkv = qkv.add(w.qkvBias());
    }
    NDArray heads = qkv.reshape(rows, queryHeads + 2L * kvHeads, model.headDim());
    NDList parts = heads.split(new long[] {queryHeads, queryHeads + kvHeads}, 1);
    NDArray queries = angles.rotate(headNorm(parts.get(0), w.queryNorm()));
    keys[layer].set(inputs.slots(), angles.rotate(headNorm(parts.get(1), w.keyNorm())));
    values[layer].set(inputs.slots(), parts.get(2));

    NDList mixed = new NDList();
    int row = 0;
    for (int g = 0; g < layout.groups().size(); g++) {
      BatchLayout.Group group = layout.groups().get(g);
      int groupRows = group.requests() * group.tokens();
      mixed.add(
          mix(
              group,
              queries.get(slice(row, row + groupRows)),
              keys[layer].get(temporary, inputs.contextSlots().get(g)),
              values[layer].get(temporary, inputs.contextSlots().get(g)),
              inputs.masks().get(g)));
      row += groupRows;
    }
    NDArray all = mixed.size() == 1 ? mixed.singletonOrThrow() : NDArrays.concat(mixed, 0);
    return linear(all, w.attentionOut());
  }

  /**
   * Scaled dot-product attention [rows, queryHeads * headDim]. The query heads that share a
   * key/value head are folded into its rows, so that keys and values are never repeated.
   */
  private NDArray mix(
      BatchLayout.Group group, NDArray queries, NDArray keyRows, NDArray valueRows, NDArray mask) {
    long requests = group.requests();
    long tokens = group.tokens();
    long context = group.context();
    long kvHeads = model.kvHeads();
    long perKvHead = model.queryHeads() / kvHeads;
    long headDim = model.headDim();
    NDArray folded =
        queries
            .reshape(requests, tokens, kvHeads, perKvHead, headDim)
            .transpose(0, 2, 3, 1, 4)
            .reshape(requests * kvHeads, perKvHead * tokens, headDim);
    NDArray keyColumns =
        keyRows
            .reshape(requests, context, kvHeads, headDim)
            .transpose(0, 2, 3, 1)
            .reshape(requests * kvHeads, headDim, context);
    NDArray valuesByHead =
        valueRows
            .reshape(requests, context, kvHeads, headDim)
            .transpose(0, 2, 1, 3)
            .reshape(requests * kvHeads, context, headDim);
    NDArray scores = folded.mul(1 / Math.sqrt(headDim)).batchMatMul(keyColumns);
    if (mask != null) {
      scores =
          scores
              .reshape(requests, kvHeads, perKvHead, tokens, context)
              .add(mask)
              .reshape(requests * kvHeads, perKvHead * tokens, context);
    }
    return scores
        .softmax(-1)
        .batchMatMul(valuesByHead)
        .reshape(requests, kvHeads, perKvHead, tokens, headDim)
        .transpose(0, 3, 1, 2, 4)
        .reshape(requests * tokens, kvHeads * perKvHead * headDim);
  }

  private NDArray mlp(LayerWeights w, NDArray x) {
    NDArray in = linear(rmsNorm(x, w.mlpNorm()), w.mlpIn());
    return linear(model.gatedMlp() ? swiGlu(in) : Activation.gelu(in), w.mlpOut());
  }

  private static NDArray swiGlu(NDArray gateAndUp) {
    NDList halves = gateAndUp.split(2, 1);
    NDArray gate = halves.get(0);
    return gate.mul(Activation.sigmoid(gate)).mul(halves.get(1));
  }

  private NDArray headNorm(NDArray heads, NDArray scale) {
    return scale == null ? heads : rmsNorm(heads, scale);
  }

  /** In float32, since squares overflow float16. */
  private NDArray rmsNorm(NDArray x, NDArray scale) {
    NDArray wide = x.toType(DataType.FLOAT32, false);
    NDArray meanSquare = wide.mul(wide).mean(new int[] {-1}, true);
    return wide.div(meanSquare.add(model.normEpsilon()).sqrt()).toType(dtype, false).mul(scale);
  }

  private static NDArray linear(NDArray x, NDArray weight) {
    return Linear.linear(x, weight).singletonOrThrow();
  }

  @Override
  public long[] sample() {
    return logits == null ? new long[0] : logits.argMax(1).toLongArray();
  }

  @Override
  public float[] logits() {
    return logits.toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** Arrays alive in this decoder: weights, tables, cache and whatever steps left behind. */
  int managedArrays() {
    closeStep();
    return manager.getManagedArrays().size();
  }

  private void closeStep() {
    if (step != null) {
      step.close();
      step = null;
    }
  }

  @Override
  public void close() {
    closeStep();
    manager.close();
  }
}
