/** Tables as CSV with a header line. */
package io.plumbline.files.csv;
