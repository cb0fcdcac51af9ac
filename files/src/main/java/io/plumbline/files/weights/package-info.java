/** Weights of models, as Hugging Face keeps them. */
package io.plumbline.files.weights;
