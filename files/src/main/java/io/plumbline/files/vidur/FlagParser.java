package io.plumbline.files.vidur;

import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.vidur.Flags.Flag;
import io.plumbline.files.vidur.ShellWords.Word;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads flags by the rules of Python's argparse: {@code --name value}, {@code --name=value}, {@code
 * --name} and {@code --no-name} of booleans, several values after one of a list, unambiguous
 * beginnings of names; of a flag given twice the last one counts.
 *
 * @see <a href="https://docs.python.org/3/library/argparse.html">argparse, in the Python
 *     library</a>
 */
final class FlagParser {
  private static final Pattern NEGATIVE_NUMBER = Pattern.compile("-\\d+|-\\d*\\.\\d+");
  private static final String NO = "no-";
  private static final String KIND = "kind";
  private static final Map<String, Flag> FLAGS = Flags.all();

  /** A flag as it was given. */
  private record Given(Flag flag, Word word, List<String> values) {}

  private final String source;
  private final List<Word> words;
  private final Problems problems;
  private final List<String> notes;
  private final Map<Flag, Given> given = new LinkedHashMap<>();

  private FlagParser(String source, List<Word> words, Problems problems, List<String> notes) {
    this.source = source;
    this.words = words;
    this.problems = problems;
    this.notes = notes;
  }

  /**
   * The configuration that flags state, without what they leave at its default.
   *
   * @param source what messages call the place of the flags
   * @param defaults the configuration below, whose kinds count where no flag names one
   * @param notes what a person should know is added to it
   */
  static ConfNode parse(
      String source, List<Word> words, ConfNode defaults, Problems problems, List<String> notes) {
    FlagParser parser = new FlagParser(source, words, problems, notes);
    parser.readWords();
    return parser.tree(defaults);
  }

  private void readWords() {
    int i = 0;
    while (i < words.size()) {
      Word word = words.get(i++);
      if (!isFlag(word.text())) {
        problem(word, word.text(), "is no flag, and the flag before it takes no such value");
        continue;
      }
      int first = i;
      while (i < words.size() && !isFlag(words.get(i).text())) {
        i++;
      }
      List<String> values = words.subList(first, i).stream().map(Word::text).toList();
      readFlag(word, values);
    }
  }

  private static boolean isFlag(String word) {
    return word.startsWith("-") && word.length() > 1 && !NEGATIVE_NUMBER.matcher(word).matches();
  }

  private void readFlag(Word word, List<String> following) {
    int equals = word.text().indexOf('=');
    String written = equals < 0 ? word.text() : word.text().substring(0, equals);
    List<String> values = new ArrayList<>(following);
    if (equals >= 0) {
      values.add(0, word.text().substring(equals + 1));
    }
    String name = fullName(word, written);
    if (name == null) {
      return;
    }
    boolean negated = name.startsWith(NO);
    Flag flag = FLAGS.get(negated ? name.substring(NO.length()) : name);
    if (flag.isBoolean()) {
      if (values.isEmpty()) {
        give(flag, word, List.of(String.valueOf(!negated)));
      } else {
        problem(
            word,
            "--" + flag.name(),
            "takes no value (%s). Write --%s or --%s%s."
                .formatted(values.get(0), flag.name(), NO, flag.name()));
      }
    } else if (flag.type() == String.class && values.size() > 1) {
      // Commands are often written down as their words, without the quotes.
      String text = String.join(" ", values);
      notes.add("--%s: read as one text, \"%s\".".formatted(flag.name(), text));
      give(flag, word, List.of(text));
    } else if (flag.isList() ? values.isEmpty() : values.size() != 1) {
      String expected = flag.isList() ? "at least one value" : "one value";
      problem(
          word,
          "--" + flag.name(),
          "takes %s, found %s"
              .formatted(expected, values.isEmpty() ? "none" : String.join(" ", values)));
    } else {
      give(flag, word, values);
    }
  }

  private void give(Flag flag, Word word, List<String> values) {
    given.put(flag, new Given(flag, word, values));
  }

  /** The flag that is meant, without dashes; null, with a problem, if that is not one. */
  private String fullName(Word word, String written) {
    if (!written.startsWith("--")) {
      problem(word, written, "is no flag of Vidur; its flags begin with two dashes");
      return null;
    }
    String name = written.substring(2);
    List<String> names =
        FLAGS.values().stream()
            .flatMap(f -> f.isBoolean() ? Stream.of(f.name(), NO + f.name()) : Stream.of(f.name()))
            .toList();
    if (names.contains(name)) {
      return name;
    }
    List<String> begun = names.stream().filter(known -> known.startsWith(name)).toList();
    if (begun.size() == 1) {
      return begun.get(0);
    }
    if (begun.isEmpty()) {
      String nearest = Names.nearestFirst(name, names).get(0);
      problem(word, written, "is no flag of Vidur. Maybe: --" + nearest);
    } else {
      problem(
          word, written, "may mean --%s. Write more of it.".formatted(String.join(", --", begun)));
    }
    return null;
  }

  private void problem(Word word, String flag, String message) {
    problems.add(ConfNode.stated(source, word.line(), flag, ""), message);
  }

  private ConfNode tree(ConfNode defaults) {
    ConfNode tree = defaults;
    // Kinds first, the outer ones before the inner: they decide which options have an effect.
    List<Given> ordered =
        given.values().stream()
            .sorted(
                Comparator.comparing((Given one) -> !isKind(one.flag()))
                    .thenComparing(one -> one.flag().path().size()))
            .toList();
    for (Given one : ordered) {
      String obstacle = obstacle(one.flag(), tree);
      if (obstacle == null) {
        tree = put(tree, one.flag().path(), node(one));
      } else {
        notes.add("--%s has no effect: %s.".formatted(one.flag().name(), obstacle));
      }
    }
    return tree;
  }

  private static boolean isKind(Flag flag) {
    return flag.path().get(flag.path().size() - 1).equals(KIND);
  }

  /** Why a flag has no effect; null if it has. */
  private static String obstacle(Flag flag, ConfNode tree) {
    for (Map.Entry<List<String>, String> need : flag.needs().entrySet()) {
      ConfNode section = tree;
      for (String key : need.getKey()) {
        section = section == null ? null : section.get(key);
      }
      String kind = section == null ? null : section.get(KIND).text();
      if (!need.getValue().equals(kind)) {
        String name = need.getKey().get(need.getKey().size() - 1);
        return "--%s_type is %s".formatted(name, kind == null ? "not looked at" : kind);
      }
    }
    return null;
  }

  /** A copy with a value set; a section that changes its kind loses its options. */
  private static ConfNode put(ConfNode section, List<String> path, ConfNode value) {
    String key = path.get(0);
    if (path.size() > 1) {
      return section.with(key, put(section.get(key), path.subList(1, path.size()), value));
    }
    ConfNode kept = section;
    if (key.equals(KIND) && !section.get(KIND).text().equals(value.text())) {
      for (String option : section.entries().keySet()) {
        kept = kept.without(option);
      }
    }
    return kept.with(key, value);
  }

  private ConfNode node(Given one) {
    Flag flag = one.flag();
    String path = "--" + flag.name();
    List<String> texts = new ArrayList<>();
    for (String value : one.values()) {
      texts.add(canonical(flag, value));
    }
    return flag.isList()
        ? ConfNode.stated(source, one.word().line(), path, texts)
        : ConfNode.stated(source, one.word().line(), path, texts.get(0));
  }

  /** A value as JSON would have it, where Python reads more forms of it. */
  private String canonical(Flag flag, String value) {
    Class<?> type = flag.valueType();
    try {
      if (type == Boolean.class) {
        return truth(flag, value);
      }
      if (type == int.class || type == long.class || type == Integer.class) {
        return new BigInteger(value.strip()).toString();
      }
      return type == double.class || type == Double.class
          ? new BigDecimal(value.strip()).toString()
          : value;
    } catch (NumberFormatException e) {
      // The binder says what is wrong with it.
      return value;
    }
  }

  /**
   * In a list, Vidur gives every text to Python's bool(), for which only the empty one is false.
   */
  private String truth(Flag flag, String value) {
    boolean isTrue = !value.isEmpty();
    if (isTrue && !value.equalsIgnoreCase("true")) {
      notes.add(
          "--%s: Vidur reads \"%s\" as true, and so it is read here."
              .formatted(flag.name(), value));
    }
    return String.valueOf(isTrue);
  }
}
