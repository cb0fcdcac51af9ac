/** Files of the house: strict readers and writers whose every complaint says what and where. */
package io.plumbline.files;
