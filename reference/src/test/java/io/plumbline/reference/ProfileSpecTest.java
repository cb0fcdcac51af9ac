package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.reference.profiling.ProfileSizes;
import io.plumbline.trace.model.ModelSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileSpecTest {
  private static ProfileSpec bound(String text) {
    return RecordBinder.bind(ConfNode.parse("test", text), ProfileSpec.class);
  }

  @Test
  void sizesAreThoseOfTheSchedulerUnlessTheyAreStated() {
    ProfileSpec spec =
        bound(
            "{engine: {kind: djl_pytorch, scheduler: {kind: sarathi, token_budget: 64, max_batch_size: 4}},"
                + " max_request_tokens: 100}");
    assertThat(spec.sizes()).isEqualTo(new ProfileSizes(100, 64, 4));
    assertThat(spec.tensorParallel()).isEqualTo(List.of(1));
    assertThat(spec.budgetMinutes()).isEqualTo(5);
    assertThat(
            bound(
                    "{engine: djl_pytorch, max_request_tokens: 100, max_batch_size: 3, max_batch_tokens: 32}")
                .sizes())
        .isEqualTo(new ProfileSizes(100, 32, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {engine: {kind: openai, url: "http://h/v1"}, max_request_tokens: 99} | engine must be djl_pytorch: nobody outside a server can time its operators
          {engine: {kind: djl_pytorch, operators: nd_array}, max_request_tokens: 99} | engine.operators must be torch_script
          {engine: djl_pytorch, max_request_tokens: 99, tensor_parallel: [0]} | tensor_parallel ([0]) must be positive degrees
          {engine: djl_pytorch, max_request_tokens: 99, budget_minutes: 0} | budget_minutes (0.0) must be positive
          {engine: djl_pytorch, max_request_tokens: 99, tolerance_percent: -1} | tolerance_percent (-1.0) must be positive
          {engine: djl_pytorch, max_request_tokens: 20} | max_request_tokens (20) must be above 34
          {engine: djl_pytorch, max_request_tokens: 99, max_batch_tokens: 4} | max_batch_tokens (4) must be at least 8
          {engine: djl_pytorch, max_request_tokens: 99, max_batch_size: 0} | max_batch_size (0) must be positive
          {engine: djl_pytorch} | max_request_tokens: missing key
          {engine: djl_pytorch, max_request_tokens: 99, budget: 3} | budget: unknown key
          """)
  void whatCannotBeMeasuredIsRefused(String text, String message) {
    assertThatThrownBy(() -> bound(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aQuestionIsOfSpecificationModelAndHost() {
    ModelSpec model =
        new ModelSpec("m", 2, 4, 2, 8, 32, 48, 64, 512, true, true, true, false, false, 1e4, 1e-5);
    ProfileSpec spec = bound("{engine: djl_pytorch, max_request_tokens: 100}");
    String question = spec.question(model, "here");
    assertThat(spec.question(model, "here")).isEqualTo(question);
    assertThat(spec.question(model, "there")).isNotEqualTo(question);
    assertThat(bound("{engine: djl_pytorch, max_request_tokens: 101}").question(model, "here"))
        .isNotEqualTo(question);
  }
}
