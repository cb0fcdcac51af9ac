package io.plumbline.reference.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Makes of drawn tokens what a server reads as a prompt of just so many tokens. */
sealed interface Prompts {
  /** How many different tokens there are to draw from. */
  int variety();

  /** Writes a prompt as a JSON value. */
  void write(JsonGenerator json, int[] draws) throws IOException;

  /**
   * Token ids from the middle half of the vocabulary: special tokens stand at its ends.
   *
   * @param vocabularySize token ids of the model
   */
  record Ids(int vocabularySize) implements Prompts {
    @Override
    public int variety() {
      return Math.max(1, vocabularySize / 2);
    }

    @Override
    public void write(JsonGenerator json, int[] draws) throws IOException {
      int first = vocabularySize / 4;
      json.writeStartArray();
      for (int draw : draws) {
        json.writeNumber(first + draw);
      }
      json.writeEndArray();
    }
  }

  /**
   * Words of one token each. Those that the server adds are left out at the end, so that prompts
   * which share their first tokens still do.
   *
   * @param overheadTokens what the server adds by itself, e.g. its chat template
   */
  record Words(List<String> words, int overheadTokens) implements Prompts {
    public Words {
      words = List.copyOf(words);
    }

    @Override
    public int variety() {
      return words.size();
    }

    @Override
    public void write(JsonGenerator json, int[] draws) throws IOException {
      StringBuilder text = new StringBuilder();
      // A prompt shorter than the overhead cannot be had; the server's count will say so.
      int count = Math.max(1, draws.length - overheadTokens);
      for (int i = 0; i < count; i++) {
        text.append(i == 0 ? "" : " ").append(words.get(draws[i]));
      }
      json.writeString(text.toString());
    }
  }
}
