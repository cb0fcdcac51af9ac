package io.plumbline.files.vidur;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.vidur.ShellWords.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A setup of Vidur as a person brings it.
 *
 * @param source what messages call it: the file, or the command line
 * @param notes what a person should know of it, one sentence each: options that have no effect
 */
public record VidurInput(String source, VidurConfig config, List<String> notes) {
  private static final String COMMAND_LINE = "command line";

  /** What Vidur runs without any option, as far as there are kinds to choose from. */
  private static final String DEFAULT_KINDS =
      """
      {
        "cluster_config": {
          "replica_config": {},
          "global_scheduler_config": {"kind": "round_robin"},
          "replica_scheduler_config": {"kind": "sarathi"}
        },
        "request_generator_config": {
          "kind": "synthetic",
          "length_generator_config": {"kind": "fixed"},
          "interval_generator_config": {"kind": "poisson"}
        },
        "execution_time_predictor_config": {"kind": "random_forrest"},
        "metrics_config": {}
      }
      """;

  /** Sections of which there are several kinds; Vidur writes the kind as their {@code name}. */
  private static final List<List<String>> KINDS =
      List.of(
          List.of("cluster_config", "global_scheduler_config"),
          List.of("cluster_config", "replica_scheduler_config"),
          List.of("request_generator_config"),
          List.of("request_generator_config", "length_generator_config"),
          List.of("request_generator_config", "interval_generator_config"),
          List.of("execution_time_predictor_config"));

  /** What Vidur writes of a model and a server, and no simulated time depends on. */
  private static final Map<List<String>, List<String>> WITHOUT_EFFECT =
      Map.of(
          List.of("cluster_config", "replica_config", "model_config"),
          List.of(
              "use_bias",
              "activation",
              "norm",
              "is_neox_style",
              "rope_scaling",
              "partial_rotary_factor",
              "no_tensor_parallel"),
          List.of("cluster_config", "replica_config", "node_config"),
          List.of("device_sku_type"));

  /** Options that nothing here looks at, as JSON pointers. */
  private static final List<String> IGNORED =
      List.of(
          "/log_level",
          "/execution_time_predictor_config/no_cache",
          "/metrics_config/write_json_trace",
          "/metrics_config/wandb_project",
          "/metrics_config/wandb_group",
          "/metrics_config/wandb_run_name",
          "/metrics_config/wandb_sweep_id",
          "/metrics_config/wandb_run_id",
          "/metrics_config/save_table_to_wandb",
          "/metrics_config/store_plots",
          "/metrics_config/output_dir",
          "/metrics_config/cache_dir");

  public VidurInput {
    notes = List.copyOf(notes);
  }

  /**
   * Reads a {@code config.json} of Vidur, or a text with the command that ran it.
   *
   * @throws BadInputException listing every problem with its place
   */
  public static VidurInput read(Path file) {
    String text = text(file);
    String source = file.toString();
    return text.stripLeading().startsWith("{")
        ? ofTree(source, ConfNode.parse(source, text))
        : ofCommand(source, ShellWords.split(source, text));
  }

  /**
   * Reads flags as they were given to a program.
   *
   * @throws BadInputException listing every problem
   */
  public static VidurInput ofFlags(List<String> flags) {
    return ofWords(COMMAND_LINE, flags.stream().map(flag -> new Word(0, flag)).toList());
  }

  private static VidurInput ofCommand(String source, List<Word> words) {
    int first = 0;
    while (first < words.size() && !words.get(first).text().startsWith("--")) {
      first++;
    }
    if (first == words.size()) {
      throw new BadInputException(
          "%s: neither a config.json of Vidur (an object in braces) nor a command with its flags (--name value)"
              .formatted(source));
    }
    return ofWords(source, words.subList(first, words.size()));
  }

  private static VidurInput ofWords(String source, List<Word> words) {
    Problems problems = new Problems();
    List<String> notes = new ArrayList<>();
    ConfNode tree =
        FlagParser.parse(source, words, ConfNode.parse(source, DEFAULT_KINDS), problems, notes);
    return bound(source, tree, problems, notes);
  }

  private static VidurInput ofTree(String source, ConfNode written) {
    Problems problems = new Problems();
    ConfNode tree = written;
    for (List<String> section : KINDS) {
      tree = at(tree, section, node -> named(node, problems));
    }
    for (Map.Entry<List<String>, List<String>> unused : WITHOUT_EFFECT.entrySet()) {
      tree = at(tree, unused.getKey(), node -> without(node, unused.getValue()));
    }
    tree = ConfNode.parse(source, DEFAULT_KINDS).overlay(tree);
    return bound(source, tree, problems, new ArrayList<>());
  }

  private static VidurInput bound(
      String source, ConfNode tree, Problems problems, List<String> notes) {
    VidurConfig config = RecordBinder.bind(tree, VidurConfig.class, problems);
    problems.throwIfAny(source);
    List<String> ignored = ignored(config);
    if (!ignored.isEmpty()) {
      notes.add(
          "Ignored, as nothing here depends on it: %s.".formatted(String.join(", ", ignored)));
    }
    return new VidurInput(source, config, notes);
  }

  private interface Change {
    ConfNode of(ConfNode section);
  }

  /** A copy of the tree with one section changed, if it is there. */
  private static ConfNode at(ConfNode tree, List<String> path, Change change) {
    if (path.isEmpty()) {
      return tree.kind() == ConfNode.Kind.MAPPING ? change.of(tree) : tree;
    }
    ConfNode child = tree.get(path.get(0));
    return child == null
        ? tree
        : tree.with(path.get(0), at(child, path.subList(1, path.size()), change));
  }

  private static ConfNode named(ConfNode section, Problems problems) {
    ConfNode name = section.get("name");
    if (name == null) {
      problems.add(section, "misses the key name, which says of what kind it is");
      return section;
    }
    return section.without("name").with("kind", name);
  }

  private static ConfNode without(ConfNode section, List<String> keys) {
    ConfNode kept = section;
    for (String key : keys) {
      kept = kept.without(key);
    }
    return kept;
  }

  private static List<String> ignored(VidurConfig config) {
    JsonNode values = Json.parseTree("config", Json.write(config));
    JsonNode defaults = Json.parseTree("defaults", Json.write(defaults()));
    return IGNORED.stream()
        .filter(option -> !values.at(option).equals(defaults.at(option)))
        .map(option -> option.substring(1).replace('/', '.'))
        .toList();
  }

  private static VidurConfig defaults() {
    return RecordBinder.bind(ConfNode.parse("defaults", DEFAULT_KINDS), VidurConfig.class);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new BadInputException("no such file: " + file, e);
    } catch (CharacterCodingException e) {
      throw new BadInputException("%s: not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new BadInputException("%s: a folder, not a file".formatted(file), e);
      }
      throw new UncheckedIOException(e);
    }
  }
}
