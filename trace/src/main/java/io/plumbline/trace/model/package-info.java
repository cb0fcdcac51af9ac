/** Shapes of models, as both simulators and real engines need them. */
package io.plumbline.trace.model;
