/** The contract between simulators, real engines and error analysis. Plain JDK. */
package io.plumbline.trace;
