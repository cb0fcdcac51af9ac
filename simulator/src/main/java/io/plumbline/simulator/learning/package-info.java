/**
 * Regression of measured operator times: the learning algorithms behind Vidur's predictor, made for
 * few features with few distinct values.
 */
package io.plumbline.simulator.learning;
