package io.plumbline.trace.model;

import java.io.Serializable;

/**
 * Multi-head latent attention: keys and values of all heads are kept as one short vector per token,
 * from which each head makes its own, besides one key with a position that all heads share.
 *
 * @param queryRank width to which queries are compressed; null if they are not
 * @param kvRank width of that vector
 * @param plainHeadDim width of a head's query and key without position
 * @param ropeHeadDim width of their part with a position
 * @param valueHeadDim width of a head's value
 * @see <a href="https://arxiv.org/abs/2405.04434">DeepSeek-V2, section 2.1</a>
 */
public record LatentAttention(
    Integer queryRank, int kvRank, int plainHeadDim, int ropeHeadDim, int valueHeadDim)
    implements Serializable {

  public LatentAttention {
    if (queryRank != null) {
      ModelSpec.positive("queryRank", queryRank);
    }
    ModelSpec.positive("kvRank", kvRank);
    ModelSpec.positive("plainHeadDim", plainHeadDim);
    ModelSpec.positive("ropeHeadDim", ropeHeadDim);
    ModelSpec.positive("valueHeadDim", valueHeadDim);
  }

  /** Elements that one token leaves in the KV cache of one layer. */
  public int cachedElements() {
    return kvRank + ropeHeadDim;
  }

  /** Width of a head's query and key. */
  public int queryHeadDim() {
    return plainHeadDim + ropeHeadDim;
  }

  /** Weights of one layer's projections. */
  long parameters(int hiddenSize, int heads) {
    return sharedParameters(hiddenSize) + headParameters(hiddenSize, heads);
  }

  /** Of these, those that make the compressed vectors: tensor parallelism copies them. */
  public long sharedParameters(int hiddenSize) {
    return (long) hiddenSize * ((queryRank == null ? 0 : queryRank) + cachedElements());
  }

  /** Of these, those that some heads have to themselves. */
  public long headParameters(int hiddenSize, int heads) {
    long queryInput = queryRank == null ? hiddenSize : queryRank;
    return heads
        * (queryInput * queryHeadDim()
            + (long) kvRank * (plainHeadDim + valueHeadDim)
            + (long) valueHeadDim * hiddenSize);
  }
}
