/** Single operators of LLMCompass: explained, tabulated, compared with measurements. */
package io.plumbline.jobs.compass;
