/** Configuration: a located tree of YAML or JSON, bound to records. */
package io.plumbline.files.conf;
