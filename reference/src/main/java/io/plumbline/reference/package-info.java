/** Real runs on a real device: the command, what it is told and where its results come from. */
package io.plumbline.reference;
