package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Files that are taken in together.
 *
 * @param folder folder from which the names of the files count
 * @param files the files, in a stable order
 * @param name what the part is called in messages and labels: its path below the one that was asked
 *     for, or that one's own name
 */
public record Part(Path folder, List<Path> files, String name) {

  public Part {
    files = List.copyOf(files);
  }

  /** The only or first file. */
  public Path file() {
    return files.get(0);
  }

  /** Hash of names and contents: the same files are the same part wherever they lie. */
  public String contentHash() {
    return ContentHash.of(folder, files);
  }

  /** Every file at or below a path that is wanted, each a part of its own. */
  public static List<Part> eachFile(Path path, Predicate<Path> wanted) {
    if (Files.isRegularFile(path)) {
      return List.of(new Part(folderOf(path), List.of(path), path.getFileName().toString()));
    }
    List<Part> parts = new ArrayList<>();
    for (Path file : filesBelow(path, wanted)) {
      parts.add(new Part(folderOf(file), List.of(file), nameBelow(path, file)));
    }
    return parts;
  }

  /**
   * Every folder at or below a path that has a file of a certain name.
   *
   * @param required the name of that file
   * @param others other files of the same folder that count as well if they are there
   */
  public static List<Part> eachFolderWith(Path path, String required, String... others) {
    List<Part> parts = new ArrayList<>();
    for (Path file : filesBelow(path, f -> f.getFileName().toString().equals(required))) {
      Path folder = folderOf(file);
      List<Path> files = new ArrayList<>(List.of(file));
      for (String other : others) {
        if (Files.isRegularFile(folder.resolve(other))) {
          files.add(folder.resolve(other));
        }
      }
      parts.add(new Part(folder, files, nameBelow(path, folder)));
    }
    return parts;
  }

  private static Path folderOf(Path file) {
    return file.toAbsolutePath().normalize().getParent();
  }

  private static String nameBelow(Path path, Path inside) {
    Path root = path.toAbsolutePath().normalize();
    Path below = root.relativize(inside.toAbsolutePath().normalize());
    String name = below.toString().replace('\\', '/');
    return name.isEmpty() ? String.valueOf(root.getFileName()) : name;
  }

  /** In the order of their names, so that the same folder is always read the same way. */
  private static TreeSet<Path> filesBelow(Path path, Predicate<Path> wanted) {
    if (!Files.exists(path)) {
      throw new BadInputException("no such file or folder: " + path);
    }
    TreeSet<Path> files = new TreeSet<>();
    try (Stream<Path> all = Files.walk(path.toAbsolutePath().normalize())) {
      all.filter(Files::isRegularFile).filter(wanted).forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
