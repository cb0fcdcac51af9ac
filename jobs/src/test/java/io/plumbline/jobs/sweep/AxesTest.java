package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.conf.ConfNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxesTest {
  @Test
  void theAxisWrittenLastVariesFastest() {
    assertThat(trees("{a: [1, 2], b: x, c: {d: [3, 4], e: [5, 6]}}"))
        .containsExactly(
            "{'a':1,'b':'x','c':{'d':3,'e':5}}",
            "{'a':1,'b':'x','c':{'d':3,'e':6}}",
            "{'a':1,'b':'x','c':{'d':4,'e':5}}",
            "{'a':1,'b':'x','c':{'d':4,'e':6}}",
            "{'a':2,'b':'x','c':{'d':3,'e':5}}",
            "{'a':2,'b':'x','c':{'d':3,'e':6}}",
            "{'a':2,'b':'x','c':{'d':4,'e':5}}",
            "{'a':2,'b':'x','c':{'d':4,'e':6}}");
  }

  @Test
  void aTreeWithoutListsIsOnePointThatNoAxisDecided() {
    List<Axes.Point> points = Axes.expand(parse("{a: 1, b: {c: null}}"));

    assertThat(points).hasSize(1);
    assertThat(points.get(0).values()).isEmpty();
    assertThat(json(points.get(0))).isEqualTo("{'a':1,'b':{'c':null}}");
  }

  @Test
  void anAxisOfMappingsMayHaveAxesOfItsOwn() {
    assertThat(trees("scheduler: [{kind: sarathi, token_budget: [512, 1024]}, {kind: vllm}, orca]"))
        .containsExactly(
            "{'scheduler':{'kind':'sarathi','token_budget':512}}",
            "{'scheduler':{'kind':'sarathi','token_budget':1024}}",
            "{'scheduler':{'kind':'vllm'}}",
            "{'scheduler':'orca'}");
  }

  @Test
  void anAxisOfMappingsDecidesEachOfTheirValuesByItsDottedPath() {
    assertThat(values("{x: {scheduler: [{kind: sarathi, token_budget: [512]}, vllm]}, d: [1.5]}"))
        .containsExactly(
            "{x.scheduler.kind=\"sarathi\", x.scheduler.token_budget=512, d=1.5}",
            "{x.scheduler=\"vllm\", d=1.5}");
  }

  /** The grid that a learner searches is not one of the sweep. */
  @Test
  void aListThatIsTheValueOfItsKeyIsNoAxisAndAListOfListsIsOne() {
    assertThat(trees("predictor: {kind: learned, learner: {estimators: [1, 2], folds: [5, 9]}}"))
        .containsExactly(
            "{'predictor':{'kind':'learned','learner':{'estimators':[1,2],'folds':5}}}",
            "{'predictor':{'kind':'learned','learner':{'estimators':[1,2],'folds':9}}}");
    String two = "predictor: {learner: {estimators: [[1, 2], [3]]}}";
    assertThat(trees(two))
        .containsExactly(
            "{'predictor':{'learner':{'estimators':[1,2]}}}",
            "{'predictor':{'learner':{'estimators':[3]}}}");
    assertThat(values(two))
        .containsExactly(
            "{predictor.learner.estimators=[1,2]}", "{predictor.learner.estimators=[3]}");
    assertThat(
            Axes.matches(
                Axes.first(parse(two)).tree(), parse("predictor: {learner: {estimators: [1, 2]}}")))
        .isTrue();
    assertThat(
            Axes.matches(
                Axes.first(parse(two)).tree(), parse("predictor: {learner: {estimators: 1}}")))
        .isFalse();
  }

  @Test
  void theFirstCombinationHasEveryFirstValue() {
    assertThat(json(Axes.first(parse("{a: [{b: [1, 2]}, 3], c: [4, 5]}"))))
        .isEqualTo("{'a':{'b':1},'c':4}");
  }

  @Test
  void explicitPointsAreLaidOverTheFirstCombination() {
    ConfNode simulate =
        parse("{device: [a100, h100], scheduler: {kind: sarathi, token_budget: [1, 2]}, tp: 1}");
    List<Axes.Point> points =
        Axes.laidOverFirst(simulate, parse("{tp: [2, 4], scheduler: {token_budget: 9}}"));

    assertThat(points.stream().map(AxesTest::json))
        .containsExactly(
            "{'device':'a100','scheduler':{'kind':'sarathi','token_budget':9},'tp':2}",
            "{'device':'a100','scheduler':{'kind':'sarathi','token_budget':9},'tp':4}");
  }

  /** Two runs of one sweep that differ must differ in the column that says how. */
  @Test
  void explicitPointsSayTheValuesOfEveryAxisAndAllThatTheyState() {
    ConfNode simulate = parse("{device: [a100, h100], scheduler: [{kind: sarathi, budget: 1}]}");
    List<Axes.Point> points =
        Axes.laidOverFirst(simulate, parse("{scheduler: {kind: vllm}, tp: 2}"));

    assertThat(points).hasSize(1);
    assertThat(points.get(0).values())
        .hasToString("{device=\"a100\", scheduler.kind=\"vllm\", tp=2}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {device: a100}                                    | true
          {device: h100}                                    | false
          {device: [h100, a100]}                            | true
          {device: [h100, l40s]}                            | false
          {device: a100, tp: 4}                             | false
          {scheduler: {token_budget: 512}}                  | true
          {scheduler: {kind: sarathi, token_budget: [1, 2]}} | false
          {scheduler: sarathi}                              | true
          {scheduler: vllm}                                 | false
          {scheduler: [vllm, {token_budget: 512}]}          | true
          {predictor: {kind: roofline}}                     | true
          {predictor: {kind: roofline, share: 1}}           | false
          {predictor: {kind: [profiled, roofline]}}         | true
          {limit: null}                                     | true
          {tp: null}                                        | false
          {node: single}                                    | false
          {}                                                | true
          """)
  void anExcludePatternStatesSomeValuesAndAListMeansAnyOfThem(String pattern, boolean matches) {
    ConfNode point =
        parse(
            "{device: a100, tp: 2, scheduler: {kind: sarathi, token_budget: 512},"
                + " predictor: roofline, limit: null}");

    assertThat(Axes.matches(point, parse(pattern))).isEqualTo(matches);
  }

  private static List<String> trees(String yaml) {
    return Axes.expand(parse(yaml)).stream().map(AxesTest::json).toList();
  }

  private static List<String> values(String yaml) {
    return Axes.expand(parse(yaml)).stream().map(point -> point.values().toString()).toList();
  }

  private static String json(Axes.Point point) {
    return point.tree().toJson().replace('"', '\'');
  }

  private static ConfNode parse(String yaml) {
    return ConfNode.parse("a.yaml", yaml);
  }
}
