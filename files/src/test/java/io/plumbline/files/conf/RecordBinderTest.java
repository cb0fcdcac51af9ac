package io.plumbline.files.conf;

import static io.plumbline.files.Fixtures.assertBadInput;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordBinderTest {
  enum Preemption {
    RECOMPUTE,
    SWAP
  }

  sealed interface Scheduler permits SarathiSpec, Fcfs {}

  record SarathiSpec(int tokenBudget) implements Scheduler {
    SarathiSpec {
      if (tokenBudget <= 0) {
        throw new IllegalArgumentException(
            "tokenBudget (%d) must be positive".formatted(tokenBudget));
      }
    }
  }

  record Fcfs() implements Scheduler {}

  record Limits(long timeNanos, double rate, boolean strict) {
    public static Limits defaults() {
      return new Limits(7, 0.5, true);
    }
  }

  record Partly(String file, double scale) {
    public static Map<String, Object> defaultValues() {
      return Map.of("scale", 1.0);
    }
  }

  record Broken(int a) {
    public static Broken defaults() {
      throw new IllegalArgumentException("no defaults today");
    }
  }

  record Spec(
      String model,
      int blockTokens,
      Integer maxTokens,
      Preemption preemption,
      Scheduler scheduler,
      Limits limits,
      List<Scheduler> others,
      Map<String, String> labels) {}

  record Numbers(int a, long b, double c, boolean d, Double e) {}

  private static ConfNode yaml(String... lines) {
    return ConfNode.parse("a.yaml", String.join("\n", lines));
  }

  private static void assertProblems(Class<?> type, ConfNode node, String... problems) {
    String count = problems.length == 1 ? "1 problem" : problems.length + " problems";
    assertBadInput(
        () -> RecordBinder.bind(node, type),
        count + " in a.yaml:\n  " + String.join("\n  ", problems));
  }

  @Test
  void aWholeTreeIsBound() {
    ConfNode node =
        yaml(
            "model: \"5\"",
            "block_tokens: 16",
            "preemption: swap",
            "scheduler: {kind: sarathi, token_budget: 512}",
            "limits: {rate: 2}",
            "others: [fcfs, {kind: fcfs}]",
            "labels: {a: 1.10, b: yes}");
    Spec spec = RecordBinder.bind(node, Spec.class);
    assertThat(spec)
        .isEqualTo(
            new Spec(
                "5",
                16,
                null,
                Preemption.SWAP,
                new SarathiSpec(512),
                new Limits(7, 2, true),
                List.of(new Fcfs(), new Fcfs()),
                Map.of("a", "1.10", "b", "yes")));
    assertThat(RecordBinder.bind(ConfNode.parse("b", Json.write(spec)), Spec.class))
        .isEqualTo(spec);
  }

  @Test
  void onlySomeKeysMayHaveDefaults() {
    assertThat(RecordBinder.bind(yaml("file: x"), Partly.class)).isEqualTo(new Partly("x", 1));
    assertProblems(Partly.class, yaml("scale: 2"), "a.yaml:1: file: missing key (text)");
  }

  @Test
  void everyProblemIsReportedAtItsOwnLine() {
    assertProblems(
        Spec.class,
        yaml(
            "modle: x",
            "block_tokens: 5.9",
            "max_tokens: ~",
            "preemption: swop",
            "scheduler:",
            "  kind: sarati",
            "limits: {strict: yes, rate: .nan}",
            "others:",
            "  - fcfs",
            "  - kind: sarathi",
            "  - {kind: sarathi, token_budget: 0}",
            "labels: [a]"),
        "a.yaml:1: modle: unknown key. Maybe: model",
        "a.yaml:1: model: missing key (text)",
        "a.yaml:2: block_tokens: expected an integer, found 5.9",
        "a.yaml:4: preemption: expected one of recompute, swap, found swop. Maybe: swap",
        "a.yaml:6: scheduler.kind: unknown kind (sarati). Maybe: sarathi",
        "a.yaml:7: limits.strict: expected true or false, found yes",
        "a.yaml:7: limits.rate: expected a number, found .nan",
        "a.yaml:10: others[1].token_budget: missing key (an integer)",
        "a.yaml:11: others[2].token_budget: token_budget (0) must be positive",
        "a.yaml:12: labels: expected a mapping, found a list");
  }

  @Test
  void numbersAreNotCoerced() {
    assertProblems(
        Numbers.class,
        yaml("a: 3000000000", "b: 1e3", "c: \"0.5\"", "d: 1", "e: 1e999"),
        "a.yaml:1: a: 3000000000 is out of range (-2147483648 to 2147483647)",
        "a.yaml:2: b: expected an integer, found 1e3",
        "a.yaml:3: c: expected a number, found the text \"0.5\". Maybe remove the quotes.",
        "a.yaml:4: d: expected true or false, found 1",
        "a.yaml:5: e: 1e999 is out of range of a double");
    assertProblems(
        Numbers.class,
        yaml("a: ~", "b: 1", "c: Infinity", "d: true"),
        "a.yaml:1: a: expected an integer, found nothing (null)",
        "a.yaml:3: c: expected a number, found Infinity");
  }

  @Test
  void aSealedTypeNeedsAKind() {
    record Holder(Scheduler scheduler) {}
    assertProblems(
        Holder.class,
        yaml("scheduler: {token_budget: 5}"),
        "a.yaml:1: scheduler.kind: missing key (one of sarathi, fcfs)");
    assertProblems(
        Holder.class,
        yaml("scheduler: sarathi"),
        "a.yaml:1: scheduler.token_budget: missing key (an integer)");
    assertProblems(
        Holder.class, yaml("{}"), "a.yaml:1: scheduler: missing key (a mapping with a kind)");
    assertProblems(
        Holder.class,
        yaml("scheduler: {kind: zzzzzzzzz}"),
        "a.yaml:1: scheduler.kind: unknown kind (zzzzzzzzz). Known: sarathi, fcfs");
  }

  @Test
  void aMissingKeySaysItsTypeAndUnit() {
    record Times(double intervalSeconds, int promptTokens, List<String> names) {}
    assertProblems(
        Times.class,
        yaml("{}"),
        "a.yaml:1: interval_seconds: missing key (a number in seconds)",
        "a.yaml:1: prompt_tokens: missing key (an integer in tokens)",
        "a.yaml:1: names: missing key (a list)");
  }

  @Test
  void whatDefaultsThrowIsAProblem() {
    assertProblems(Broken.class, yaml("{}"), "a.yaml:1: no defaults today");
  }

  @Test
  void problemsOfSeveralFilesAreInFileOrder() {
    Problems problems = new Problems();
    problems.add("b.yaml:9: x", "late");
    problems.add(ConfNode.parse("a.yaml", "x: 1").get("x"), "other file");
    problems.add("b.yaml:2: y", "early");
    problems.add("the command line", "no place");
    assertBadInput(
        () -> problems.throwIfAny("the sweep"),
        "4 problems in the sweep:\n  b.yaml:2: y: early\n  b.yaml:9: x: late\n  a.yaml:1: x: other file\n  the command line: no place");
    assertThat(problems.isEmpty()).isFalse();
    new Problems().throwIfAny("nothing");
  }
}
