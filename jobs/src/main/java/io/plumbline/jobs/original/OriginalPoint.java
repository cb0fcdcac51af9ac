package io.plumbline.jobs.original;

import io.plumbline.jobs.sweep.SweepPoint;
import java.io.Serializable;

/**
 * A point of a sweep for one of the originals.
 *
 * @param runId content hash of the point, the system and its commit
 * @param axesJson the values that vary in the sweep, the system among them
 */
record OriginalPoint(String runId, OriginalKind kind, SweepPoint point, String axesJson)
    implements Serializable {}
