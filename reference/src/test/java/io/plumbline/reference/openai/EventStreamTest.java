package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
  /** Everything that the standard allows and servers do. */
  private static final String STREAM =
      ": a comment that keeps the connection alive\n\n"
          + "data: {\"a\":\"ä€😀\"}\n\n"
          + "event: ping\nid: 5\nretry: 3\n\n"
          + "data:without a blank\n\n"
          + "data: two\ndata: lines\n\n"
          + "data\n\n"
          + "data:  keeps its second blank\n\n\n\n"
          + "data: [DONE]\n\n"
          + "data: cut off";

  private static final List<String> EVENTS =
      List.of(
          "{\"a\":\"ä€😀\"}", "without a blank", "two\nlines", " keeps its second blank", "[DONE]");

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void eventsAreTheirData_whateverEndsTheLines(String lineEnd) {
    assertThat(
            events(
                STREAM.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8),
                Integer.MAX_VALUE,
                0))
        .isEqualTo(EVENTS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bytesMayBeCutAnywhere(long seed) {
    byte[] bytes = STREAM.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    assertThat(events(bytes, 7, seed)).isEqualTo(EVENTS);
  }

  @Test
  void aStreamWithoutLineBreaks_doesNotFillTheMemory() {
    EventStream stream = new EventStream((data, length) -> {});
    assertThatThrownBy(() -> stream.accept(ByteBuffer.wrap(new byte[2 << 20])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an event of more than 1048576 bytes");
  }

  private static List<String> events(byte[] bytes, int most, long seed) {
    List<String> events = new ArrayList<>();
    EventStream stream =
        new EventStream(
            (data, length) -> events.add(new String(data, 0, length, StandardCharsets.UTF_8)));
    SplittableRandom random = new SplittableRandom(seed);
    for (int from = 0; from < bytes.length; ) {
      int length =
          Math.min(bytes.length - from, most == Integer.MAX_VALUE ? most : random.nextInt(most));
      stream.accept(ByteBuffer.wrap(bytes, from, length));
      from += length;
    }
    return events;
  }
}
