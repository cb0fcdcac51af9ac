package io.plumbline.reference.openai;

import java.time.Duration;

/**
 * How long an answer is waited for, and what follows if there is none.
 *
 * @param timeout from the sending of a request to the end of its stream
 * @param retries how often a request that was refused or failed is sent again
 * @param retryDelay pause before that
 */
public record Patience(Duration timeout, int retries, Duration retryDelay) {}
