package io.plumbline.jobs.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resident memory of processes, as Linux tells it. */
final class ResidentMemory {
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  private ResidentMemory() {}

  /** KiB of a process; -1 where the system does not tell, or the process is gone. */
  static long kib(long pid) {
    try {
      Matcher resident =
          RESIDENT.matcher(Files.readString(Path.of("/proc", String.valueOf(pid), "status")));
      return resident.find() ? Long.parseLong(resident.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
