/** What the warps of one GPU kernel execute: decoded SASS instructions, CTA by CTA. */
package io.plumbline.trace.kernel;
