/**
 * Operators predicted from a description of the hardware alone: LLMCompass (Zhang et al., ISCA
 * 2024), equal to the original to the last bit; docs/llmcompass.md.
 */
package io.plumbline.simulator.compass;
