/** Configurations of Vidur, as it writes them and as its command line takes them. */
package io.plumbline.files.vidur;
