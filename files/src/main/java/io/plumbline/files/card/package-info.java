/** Model cards and Hugging Face configurations. */
package io.plumbline.files.card;
