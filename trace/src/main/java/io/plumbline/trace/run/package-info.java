/** What comes out: times of requests, iterations and tokens, and where they come from. */
package io.plumbline.trace.run;
