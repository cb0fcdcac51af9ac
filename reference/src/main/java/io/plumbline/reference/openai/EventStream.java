package io.plumbline.reference.openai;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a stream of server-sent events into the data of each, as the bytes come: an event ends with
 * an empty line, lines end with LF, CR or CRLF, and comments and other fields are skipped.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventStream {
  /** More than any chunk of tokens; a server that sends no line breaks must not fill the memory. */
  private static final int MAX_EVENT_BYTES = 1 << 20;

  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  /** Takes the data of one event. */
  interface Sink {
    /**
     * @param data only until the call returns
     */
    void event(byte[] data, int length);
  }

  private final Sink sink;
  private byte[] line = new byte[512];
  private int lineLength;
  private byte[] data = new byte[512];
  private int dataLength;
  private boolean hasData;
  private boolean afterReturn;

  EventStream(Sink sink) {
    this.sink = sink;
  }

  /**
   * Takes bytes as they came, cut anywhere.
   *
   * @throws IllegalArgumentException if an event grows beyond all measure
   */
  void accept(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        if (!afterReturn) {
          endLine();
        }
      } else if (next == '\r') {
        endLine();
      } else {
        line = withRoom(line, lineLength + 1);
        line[lineLength++] = next;
      }
      afterReturn = next == '\r';
    }
  }

  private void endLine() {
    if (lineLength == 0) {
      endEvent();
    } else if (lineLength >= DATA.length
        && Arrays.equals(line, 0, DATA.length, DATA, 0, DATA.length)) {
      addData();
    }
    lineLength = 0;
  }

  private void addData() {
    int from = DATA.length;
    if (from < lineLength && line[from] == ' ') {
      from++;
    }
    int length = lineLength - from;
    data = withRoom(data, dataLength + length + 1);
    if (hasData) {
      data[dataLength++] = '\n';
    }
    System.arraycopy(line, from, data, dataLength, length);
    dataLength += length;
    hasData = true;
  }

  private void endEvent() {
    if (hasData) {
      sink.event(data, dataLength);
      dataLength = 0;
      hasData = false;
    }
  }

  private static byte[] withRoom(byte[] array, int length) {
    if (length <= array.length) {
      return array;
    }
    if (length > MAX_EVENT_BYTES) {
      throw new IllegalArgumentException(
          "an event of more than %d bytes".formatted(MAX_EVENT_BYTES));
    }
    return Arrays.copyOf(array, Math.max(length, 2 * array.length));
  }
}
