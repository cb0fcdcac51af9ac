/** The random numbers of CPython and of NumPy's legacy generator, to the last bit. */
package io.plumbline.trace.random;
