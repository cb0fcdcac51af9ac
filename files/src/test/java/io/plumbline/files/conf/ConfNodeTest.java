package io.plumbline.files.conf;

import static io.plumbline.files.Fixtures.assertBadInput;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfNodeTest {
  private static ConfNode yaml(String... lines) {
    return ConfNode.parse("a.yaml", String.join("\n", lines));
  }

  @Test
  void everyNodeKnowsItsPlace() {
    ConfNode root =
        yaml("simulate:", "  scheduler:", "    kind: sarathi", "points:", "  - 1", "  - x: 2");
    ConfNode kind = root.get("simulate").get("scheduler").get("kind");
    assertThat(kind.where()).isEqualTo("a.yaml:3: simulate.scheduler.kind");
    assertThat(kind.column()).isEqualTo(5);
    assertThat(root.get("points").items().get(1).get("x").where())
        .isEqualTo("a.yaml:6: points[1].x");
    assertThat(root.get("simulate").line()).isEqualTo(1);
    assertThat(root.where()).isEqualTo("a.yaml:1");
  }

  @Test
  void noTypeIsGuessed() {
    ConfNode root =
        yaml("a: no", "b: 1.10", "c: \"5\"", "d: 2026-01-01", "e:", "f: ~", "g: \"null\"");
    assertThat(root.toJson())
        .isEqualTo(
            "{\"a\":\"no\",\"b\":1.10,\"c\":\"5\",\"d\":\"2026-01-01\",\"e\":null,\"f\":null,\"g\":\"null\"}");
    assertThat(root.get("e").kind()).isEqualTo(ConfNode.Kind.NULL);
    assertThat(root.get("c").quoted()).isTrue();
    assertThat(root.get("a").text()).isEqualTo("no");
  }

  @Test
  void jsonIsRead() {
    assertThat(ConfNode.parse("a.json", "{\"a\": [1, true, \"x\\n\"], \"b\": {}}").toJson())
        .isEqualTo("{\"a\":[1,true,\"x\\n\"],\"b\":{}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: 1;b: 2;a: 3 | a.yaml:3: a: duplicate key, first in line 1",
        "x:;  a: &one 1 | a.yaml:2: x.a: anchors and aliases (&one) are not supported",
        "x: {a: 1};y:;  <<: {b: 2} | a.yaml:3: y: merge keys (<<) are not supported",
        "a: 1;---;b: 2 | a.yaml:2:1: but found another document",
        "[1, 2]: 3 | a.yaml:1: a key must be text",
        "~: 3 | a.yaml:1: a key must be text",
        "a: !secret x | a.yaml:1: a: tags (!secret) are not supported",
        "a: *gone | a.yaml:1:4: found undefined alias gone",
        "a: [1, 2 | a.yaml:1:9: expected ',' or ']', but got <stream end>",
        "'' | a.yaml: the file is empty",
      })
  void whatHasNoOnePlaceIsRefused(String lines, String message) {
    assertBadInput(() -> yaml(lines.split(";", -1)), message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertBadInput(() -> ConfNode.read(Path.of("no/such.yaml")), "no such file: no/such.yaml");
  }

  @Test
  void aCopyKeepsPlacesAndLeavesTheOriginal() {
    ConfNode root = yaml("a: 1", "b: 2");
    ConfNode other = ConfNode.parse("b.yaml", "\n\nx: 7");
    ConfNode copy = root.with("a", other.get("x")).withScalar("c", "3").without("b");
    assertThat(copy.toJson()).isEqualTo("{\"a\":7,\"c\":3}");
    assertThat(copy.get("a").where()).isEqualTo("b.yaml:3: x");
    assertThat(copy.get("c").where()).isEqualTo("a.yaml:1: c");
    assertThat(root.toJson()).isEqualTo("{\"a\":1,\"b\":2}");
  }

  @Test
  void anOverlayMergesMappings_andReplacesOtherKindsWhole() {
    ConfNode lower = yaml("m: {a: 1, b: [1, 2]}", "s: {kind: x, p: 1}", "t: {kind: x, p: 1}");
    ConfNode upper = yaml("m: {b: [3], c: 4}", "s: {kind: y}", "t: {kind: x, q: 2}");
    assertThat(lower.overlay(upper).toJson())
        .isEqualTo(
            "{\"m\":{\"a\":1,\"b\":[3],\"c\":4},\"s\":{\"kind\":\"y\"},\"t\":{\"kind\":\"x\",\"p\":1,\"q\":2}}");
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void jsonOfATreeIsReadBackAsTheSameTree(long seed) {
    StringBuilder json = new StringBuilder();
    randomTree(json, new SplittableRandom(seed), 4);
    assertThat(ConfNode.parse("a.json", json.toString()).toJson()).isEqualTo(json.toString());
  }

  private static void randomTree(StringBuilder json, SplittableRandom random, int depth) {
    int size = random.nextInt(4);
    switch (random.nextInt(depth == 0 ? 3 : 5)) {
      case 0 -> json.append(random.nextBoolean() ? "null" : "true");
      case 1 -> json.append(random.nextDouble() * 1000);
      case 2 -> json.append("\"5 ä: # \\\" \\n\"");
      case 3 -> {
        json.append('[');
        for (int i = 0; i < size; i++) {
          randomTree(json.append(i == 0 ? "" : ","), random, depth - 1);
        }
        json.append(']');
      }
      default -> {
        json.append('{');
        for (int i = 0; i < size; i++) {
          json.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":");
          randomTree(json, random, depth - 1);
        }
        json.append('}');
      }
    }
  }
}
