/** The run folder: what a run leaves behind, simulated or measured. */
package io.plumbline.files.run;
