package io.plumbline.files.fetch;

import java.util.List;

/**
 * What a call asks for.
 *
 * @param only patterns: nothing but files that fit one of them; all if empty
 * @param without patterns of files to leave out
 * @param from kind of the source to download from; null for the first of each reference
 */
public record FetchOptions(
    Action action,
    Check check,
    Effect effect,
    List<String> only,
    List<String> without,
    String from) {

  /** What to do about a reference. */
  public enum Action {
    /** Link what is on this machine. */
    LINK,
    /** The same, and download what is not. */
    DOWNLOAD,
    /** Remove the link. */
    CLEAN
  }

  /** How a file is known to be the right one. */
  public enum Check {
    /** Its size, where that is known. */
    SIZE,
    /** Its checksum, where there is one; reads every byte. */
    CHECKSUM
  }

  /** Whether anything changes. */
  public enum Effect {
    REAL,
    /** Only says what would change. */
    DRY_RUN
  }
}
