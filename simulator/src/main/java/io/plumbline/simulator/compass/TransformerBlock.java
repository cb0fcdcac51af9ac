package io.plumbline.simulator.compass;

/**
 * One block of a model like GPT-3 on some devices: plain attention, an MLP four times as wide as
 * the model, nothing overlapped. Every operator has its launch overhead.
 */
public final class TransformerBlock {
  private final HardwareSystem system;
  private final MatmulOperator matmuls;
  private final RowOperators rows;
  private final Roofline roofline;
  private final MapperMode mode;
  private final int hidden;
  private final int heads;
  private final int devices;

  /**
   * @param hidden width of the model
   * @param heads attention heads, of which {@code hidden} is a multiple
   * @param devices how many share the block; the links have their own number of devices
   */
  public TransformerBlock(
      HardwareSystem system, MatmulOperator matmuls, int hidden, int heads, int devices) {
    this.system = system;
    this.matmuls = matmuls;
    this.mode = matmuls.mode();
    this.rows = new RowOperators(system.device());
    this.roofline = new Roofline(system.device());
    this.hidden = hidden;
    this.heads = heads;
    this.devices = devices;
  }

  /** Seconds of a block by operator, launch overheads included; projections are three products. */
  public record Parts(
      double qkv,
      double queryKey,
      double attentionValue,
      double output,
      double up,
      double down,
      double softmax,
      double attentionNorm,
      double mlpNorm,
      double gelu,
      double attentionAllReduce,
      double mlpAllReduce) {
    /** Their sum, in the order of the original, on which the last bit depends. */
    public double total() {
      double products = qkv + queryKey + attentionValue + output + up + down;
      double normalised = softmax + attentionNorm + mlpNorm;
      return products + normalised + gelu + (attentionAllReduce + mlpAllReduce);
    }
  }

  /** The sizes of a block's operators on one device. */
  private record Sizes(
      long tokens, long sequences, long queries, long keys, long headsHere, long headDim) {}

  private Sizes prefill(long batch, long tokens) {
    return new Sizes(
        batch * tokens, batch * heads / devices, tokens, tokens, heads / devices, hidden / heads);
  }

  private Sizes decode(long batch, long context) {
    return new Sizes(
        batch, batch * heads / devices, 1, context + 1, heads / devices, hidden / heads);
  }

  /** Prefill of so many prompts. */
  public Parts prefillParts(long batch, long tokens) {
    return parts(prefill(batch, tokens));
  }

  /**
   * One token of so many requests.
   *
   * @param context tokens before it
   */
  public Parts decodeParts(long batch, long context) {
    return parts(decode(batch, context));
  }

  public Parts prefillRoofline(long batch, long tokens) {
    return rooflineParts(prefill(batch, tokens));
  }

  public Parts decodeRoofline(long batch, long context) {
    return rooflineParts(decode(batch, context));
  }

  private Parts parts(Sizes of) {
    LaunchOverheads launch = system.device().overheads();
    double matmul = launch.matmulSeconds();
    int perDevice = hidden / devices;
    double softmax =
        rows.softmax(of.sequences() * of.queries(), of.keys()).seconds(system.device())
            + launch.softmaxSeconds();
    double norm =
        rows.layerNorm(of.tokens(), hidden, mode).seconds(system.device())
            + launch.layerNormSeconds();
    double gelu = rows.geluSeconds(of.tokens() * (4L * hidden / devices)) + launch.geluSeconds();
    double allReduce = allReduce(of);
    return new Parts(
        3 * (product(of.tokens(), perDevice, hidden) + matmul),
        batched(of, of.keys(), of.headDim()) + matmul,
        batched(of, of.headDim(), of.keys()) + matmul,
        product(of.tokens(), hidden, perDevice) + matmul,
        product(of.tokens(), 4L * hidden / devices, hidden) + matmul,
        product(of.tokens(), hidden, 4L * hidden / devices) + matmul,
        softmax,
        norm,
        norm,
        gelu,
        allReduce,
        allReduce);
  }

  private Parts rooflineParts(Sizes of) {
    LaunchOverheads launch = system.device().overheads();
    double matmul = launch.matmulSeconds();
    int perDevice = hidden / devices;
    long wide = 4L * hidden / devices;
    double norm = roofline.layerNormSeconds(of.tokens(), hidden, 2) + launch.layerNormSeconds();
    double allReduce = allReduce(of);
    return new Parts(
        3 * (roofline.matmulSeconds(MatmulShape.fp16(of.tokens(), perDevice, hidden)) + matmul),
        roofline.batchedMatmulSeconds(
                of.sequences(), MatmulShape.fp16(of.queries(), of.keys(), of.headDim()))
            + matmul,
        roofline.batchedMatmulSeconds(
                of.sequences(), MatmulShape.fp16(of.queries(), of.headDim(), of.keys()))
            + matmul,
        roofline.matmulSeconds(MatmulShape.fp16(of.tokens(), hidden, perDevice)) + matmul,
        roofline.matmulSeconds(MatmulShape.fp16(of.tokens(), wide, hidden)) + matmul,
        roofline.matmulSeconds(MatmulShape.fp16(of.tokens(), hidden, wide)) + matmul,
        roofline.softmaxSeconds(of.sequences() * of.queries(), of.keys(), 2)
            + launch.softmaxSeconds(),
        norm,
        norm,
        roofline.geluSeconds(of.tokens() * wide) + launch.geluSeconds(),
        allReduce,
        allReduce);
  }

  private double allReduce(Sizes of) {
    return devices > 1 ? system.links().allReduceSeconds(of.tokens() * hidden * 2) : 0;
  }

  private double product(long m, long n, long k) {
    return matmuls.matmul(MatmulShape.fp16(m, n, k)).seconds();
  }

  private double batched(Sizes of, long n, long k) {
    return matmuls.batchedSeconds(of.sequences(), MatmulShape.fp16(of.queries(), n, k));
  }
}
