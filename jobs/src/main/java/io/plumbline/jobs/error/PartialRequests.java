package io.plumbline.jobs.error;

/** What to do with requests that a run did not finish, or finished with fewer tokens than asked. */
public enum PartialRequests {
  /** Refuse the comparison: leaving them out would flatter the run. */
  REFUSE,
  /** Leave them out on both sides and say how many. */
  DROP
}
