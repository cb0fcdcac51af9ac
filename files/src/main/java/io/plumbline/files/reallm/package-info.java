/** ReaLLM's descriptions of systems, its traces, kernel libraries and results. */
package io.plumbline.files.reallm;
