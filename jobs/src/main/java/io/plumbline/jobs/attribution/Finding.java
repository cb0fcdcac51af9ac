package io.plumbline.jobs.attribution;

/**
 * One thing that makes a prediction wrong.
 *
 * @param cause short name
 * @param evidence the numbers that say so, in words
 */
public record Finding(String cause, String evidence) {}
