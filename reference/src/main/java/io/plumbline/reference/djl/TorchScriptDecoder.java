package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.plumbline.reference.profiling.OperatorNanos;
import io.plumbline.reference.serving.Batch;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** The decoder as one TorchScript method, called once per iteration. */
final class TorchScriptDecoder implements BatchDecoder {
  private final PtNDManager manager;
  private final TorchScriptModule module;
  private final Dtype dtype;
  private final Function<Batch, BatchLayout> grouping;
  private final ModelSpec model;

  /** Times a forward operator by operator; null until that is asked for. */
  private TimedForward timed;

  /** Weights, keys, values, cosines, sines: what every forward takes and nothing changes. */
  private final List<IValue> state = new ArrayList<>();

  private PtNDManager step;
  private PtNDArray ids;
  private List<IValue> inputs = List.of();
  private IValue logits;

  /** The array behind the logits of a timed forward, which nobody else frees. */
  private PtNDArray timedLogits;

  private boolean yields;

  /**
   * @param slots rows of the KV cache
   * @param maxContextTokens longest sequence, prompt and output together
   */
  TorchScriptDecoder(
      NDManager parent,
      ModelSpec model,
      WeightSource source,
      long slots,
      int maxContextTokens,
      Dtype dtype,
      Function<Batch, BatchLayout> grouping) {
    this.manager = (PtNDManager) parent.newSubManager();
    this.module = TorchScriptModule.compile(DecoderScript.of(model), manager.getDevice());
    this.dtype = dtype;
    this.grouping = grouping;
    this.model = model;
    DecoderWeights weights = DecoderWeights.load(manager, model, source, this::toDtype);
    RotaryTable rotary = RotaryTable.of(manager, model, maxContextTokens, this::toDtype);
    state.add(list(flat(weights)));
    state.add(list(cache(model, slots)));
    state.add(list(cache(model, slots)));
    state.add(IValue.from((PtNDArray) rotary.cos()));
    state.add(IValue.from((PtNDArray) rotary.sin()));
  }

  /** As {@link DecoderScript} counts them. */
  private static List<NDArray> flat(DecoderWeights weights) {
    List<NDArray> flat = new ArrayList<>();
    Collections.addAll(flat, weights.embedding(), weights.finalNorm(), weights.head());
    for (LayerWeights layer : weights.layers()) {
      flat.addAll(layer.present());
    }
    return flat;
  }

  private static IValue list(List<NDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  /** One table per layer, [slots, kvHeads, headDim]. */
  private List<NDArray> cache(ModelSpec model, long slots) {
    List<NDArray> tables = new ArrayList<>();
    try (PtNDManager temporary = (PtNDManager) manager.newSubManager();
        IValue shape = IValue.listFrom(slots, model.kvHeads(), model.headDim());
        IValue code = IValue.from(dtype.scriptCode());
        IValue like = IValue.from((PtNDArray) temporary.create(0f))) {
      for (int layer = 0; layer < model.layers(); layer++) {
        try (IValue zeros = module.call("zeros", shape, code, like)) {
          tables.add(zeros.toTensor(manager));
        }
      }
    }
    return tables;
  }

  private NDArray toDtype(NDArray single) {
    if (dtype == Dtype.FLOAT32) {
      return single;
    }
    try (IValue array = IValue.from((PtNDArray) single);
        IValue code = IValue.from(dtype.scriptCode());
        IValue converted = module.call("to_dtype", array, code)) {
      return converted.toTensor(manager);
    }
  }

  @Override
  public void prepare(Batch batch) {
    closeStep();
    step = (PtNDManager) manager.newSubManager();
    BatchLayout layout = grouping.apply(batch);
    yields = layout.yieldingRows().length > 0;
    ids = (PtNDArray) step.create(layout.ids());
    IValue positions = tensor(layout.positions());
    IValue groups = IValue.listFrom(triples(layout));
    inputs = new ArrayList<>();
    Collections.addAll(
        inputs,
        IValue.from(ids),
        positions,
        tensor(layout.slots()),
        tensor(layout.contextSlots()),
        tensor(layout.yieldingRows()),
        groups);
    try (IValue code = IValue.from(dtype.scriptCode())) {
      inputs.add(module.call("masks", positions, groups, code));
    }
    awaitDevice();
  }

  private IValue tensor(long[] values) {
    return IValue.from((PtNDArray) step.create(values));
  }

  private static long[] triples(BatchLayout layout) {
    long[] triples = new long[3 * layout.groups().size()];
    int at = 0;
    for (BatchLayout.Group group : layout.groups()) {
      triples[at++] = group.requests();
      triples[at++] = group.tokens();
      triples[at++] = group.context();
    }
    return triples;
  }

  /** DJL cannot synchronise a device; reading a number back waits for all work before it. */
  private void awaitDevice() {
    if (manager.getDevice().isGpu()) {
      ids.getLong(0);
    }
  }

  @Override
  public void forward() {
    logits = module.call("forward", arguments());
    awaitDevice();
  }

  private IValue[] arguments() {
    List<IValue> arguments = new ArrayList<>(inputs);
    arguments.addAll(state);
    return arguments.toArray(IValue[]::new);
  }

  /** As {@link #forward}, operator by operator; a prepared batch can be run again. */
  OperatorNanos operatorNanos() {
    if (timed == null) {
      timed = new TimedForward(model, manager.getDevice());
    }
    TimedForward.Result result = timed.run(step, arguments());
    closeLogits();
    logits = IValue.from(result.logits());
    timedLogits = result.logits();
    return result.nanos();
  }

  @Override
  public long[] sample() {
    if (!yields) {
      return new long[0];
    }
    try (IValue tokens = module.call("next_tokens", logits)) {
      return tokens.toTensor(step).toLongArray();
    }
  }

  @Override
  public float[] logits() {
    try (IValue single = IValue.from(Dtype.FLOAT32.scriptCode());
        IValue converted = module.call("to_dtype", logits, single)) {
      return converted.toTensor(step).toFloatArray();
    }
  }

  /** Arrays alive in this decoder: weights, tables, cache and whatever steps left behind. */
  int managedArrays() {
    closeStep();
    return manager.getManagedArrays().size();
  }

  private void closeStep() {
    if (step == null) {
      return;
    }
    inputs.forEach(IValue::close);
    inputs = List.of();
    closeLogits();
    step.close();
    step = null;
  }

  private void closeLogits() {
    if (logits != null) {
      logits.close();
      logits = null;
    }
    if (timedLogits != null) {
      timedLogits.close();
      timedLogits = null;
    }
  }

  @Override
  public void close() {
    closeStep();
    state.forEach(IValue::close);
    if (timed != null) {
      timed.close();
    }
    module.close();
    manager.close();
  }
}
