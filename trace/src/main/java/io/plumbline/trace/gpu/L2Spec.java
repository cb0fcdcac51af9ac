package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * One slice of L2 and its queues.
 *
 * @param accessLatencyCycles fixed cycles before a request reaches its slice
 * @param requestQueue requests before the tags
 * @param toDramQueue requests to the memory channel
 * @param fromDramQueue sectors from the memory channel
 * @param replyQueue replies to the network
 */
public record L2Spec(
    CacheSpec cache,
    int accessLatencyCycles,
    int requestQueue,
    int toDramQueue,
    int fromDramQueue,
    int replyQueue)
    implements Serializable {}
