/**
 * Models and data sets that stay outside the repository: found on the machine and linked, or
 * downloaded. Start reading at {@link io.plumbline.files.fetch.Bootstrap}.
 */
package io.plumbline.files.fetch;
