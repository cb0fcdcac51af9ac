/** A decoder-only transformer on DJL's PyTorch engine; the only package that knows DJL. */
package io.plumbline.reference.djl;
