package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.reference.openai.Api;
import io.plumbline.reference.openai.PromptForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenaiSpecTest {
  private static final String URL = "url: http://localhost:8000/v1";

  @Test
  void anAddressIsEnough() {
    OpenaiSpec spec = (OpenaiSpec) bind("kind: openai\n" + URL);

    assertThat(spec.api()).isEqualTo(Api.COMPLETIONS);
    assertThat(spec.prompts()).isEqualTo(PromptForm.TOKEN_IDS);
    assertThat(spec.model()).isNull();
    assertThat(spec.retries()).isZero();
    assertThat(Json.write(spec))
        .isEqualTo(
            "{\"kind\":\"openai\",\"url\":\"http://localhost:8000/v1\",\"model\":null,"
                + "\"api\":\"completions\",\"prompts\":\"token_ids\",\"device\":null,"
                + "\"api_key_env\":null,\"http_version\":\"http_1_1\",\"ignore_eos\":true,"
                + "\"continuous_usage\":true,\"extra_body\":{},\"timeout_seconds\":600.0,"
                + "\"retries\":0,\"retry_delay_seconds\":1.0,\"seed\":0,\"warmup_requests\":10}");
  }

  @Test
  void extraFieldsKeepTheirForm() {
    OpenaiSpec spec =
        (OpenaiSpec)
            bind("kind: openai\n" + URL + "\nextra_body: {top_p: 0.90, stop: [\"1\", a], x: null}");

    assertThat(Json.write(spec.extraBody()))
        .isEqualTo("{\"top_p\":0.90,\"stop\":[\"1\",\"a\"],\"x\":null}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url: localhost:8000/v1 | engine.yaml:2: url: url (localhost:8000/v1) must be like http://localhost:8000/v1, without a slash at the end",
        "url: http://localhost:8000/v1/ | engine.yaml:2: url: url (http://localhost:8000/v1/) must be like http://localhost:8000/v1, without a slash at the end",
        "url: 'http://my host/v1' | engine.yaml:2: url: url (http://my host/v1) is no URL",
        "url: http://me:secret@host/v1 | engine.yaml:1: url must not hold a password, as it is recorded. Maybe use api_key_env.",
        "url: 'http://h/v1', api: chat | engine.yaml:1: prompts (token_ids) cannot be had with api chat. Maybe use prompts: text.",
        "url: 'http://h/v1', api_key_env: sk-secret | engine.yaml:1: api_key_env must be the name of an environment variable, not a key",
        "url: 'http://h/v1', timeout_seconds: 0 | engine.yaml:2: timeout_seconds: timeout_seconds (0) must be positive",
        "url: 'http://h/v1', retries: -1 | engine.yaml:2: retries: retries (-1) must be zero or more",
        "url: 'http://h/v1', extra_body: {n: 2} | engine.yaml:1: extra_body must not have n: the replay sets it",
      })
  void wrongValuesAreNamed(String options, String problem) {
    assertThatThrownBy(() -> bind("{kind: openai,\n" + options + "}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("1 problem in engine.yaml:\n  " + problem);
  }

  @Test
  void aKeyThatIsNotInTheEnvironment_isMissed() {
    OpenaiSpec spec = (OpenaiSpec) bind("kind: openai\n" + URL + "\napi_key_env: NO_SUCH_KEY_HERE");

    assertThatThrownBy(() -> spec.prepare(null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("environment variable NO_SUCH_KEY_HERE (api_key_env) is not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"measure/tiny-cpu", "measure/openai-endpoint", "quickstart/measure"})
  void theEnginesOfOurOwnFilesAreValid(String file) {
    Path conf = Path.of(System.getProperty("plumbline.home"), "conf", file + ".yaml");

    assertThat(RecordBinder.bind(ConfNode.read(conf).get("engine"), EngineSpec.class)).isNotNull();
  }

  private static EngineSpec bind(String yaml) {
    return RecordBinder.bind(ConfNode.parse("engine.yaml", yaml), EngineSpec.class);
  }
}
