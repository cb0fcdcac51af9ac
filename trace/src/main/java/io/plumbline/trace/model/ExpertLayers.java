package io.plumbline.trace.model;

import java.io.Serializable;

/**
 * The mixture of experts that stands for the MLP of most layers: a router sends each token to a few
 * of many small MLPs, all gated.
 *
 * @param experts MLPs to choose from, in each layer
 * @param expertsPerToken how many of them a token passes
 * @param expertHiddenSize width inside one of them
 * @param sharedExperts MLPs of that width which every token passes besides; 0 for none
 * @param firstDenseLayers layers at the beginning that have the plain MLP instead
 */
public record ExpertLayers(
    int experts, int expertsPerToken, int expertHiddenSize, int sharedExperts, int firstDenseLayers)
    implements Serializable {

  public ExpertLayers {
    ModelSpec.positive("experts", experts);
    ModelSpec.positive("expertsPerToken", expertsPerToken);
    ModelSpec.positive("expertHiddenSize", expertHiddenSize);
    if (expertsPerToken > experts) {
      throw new IllegalArgumentException(
          "expertsPerToken (%d) must not be above experts (%d)"
              .formatted(expertsPerToken, experts));
    }
    if (sharedExperts < 0 || firstDenseLayers < 0) {
      throw new IllegalArgumentException(
          "sharedExperts (%d) and firstDenseLayers (%d) must not be negative"
              .formatted(sharedExperts, firstDenseLayers));
    }
  }
}
