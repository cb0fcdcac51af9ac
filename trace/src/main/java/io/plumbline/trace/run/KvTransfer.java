package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * How the keys and values of one request came from the replica that prefilled it to the one that
 * decodes it.
 *
 * @param tokens whose keys and values were sent: the prompt without what the receiver had cached
 * @param bytes what was sent
 * @param readyNanos the prefill ended
 * @param startNanos the receiver had blocks and both ends a free stream
 * @param endNanos all was there, and the sender's blocks were free again
 */
public record KvTransfer(
    int requestId,
    int fromReplica,
    int toReplica,
    int tokens,
    double bytes,
    long readyNanos,
    long startNanos,
    long endNanos)
    implements Serializable {}
