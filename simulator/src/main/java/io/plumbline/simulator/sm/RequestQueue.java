package io.plumbline.simulator.sm;

/** First in, first out, without allocation: requests are linked to each other. */
final class RequestQueue {
  private MemoryRequest head;
  private MemoryRequest tail;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return head == null;
  }

  /** The oldest, or null. */
  MemoryRequest peek() {
    return head;
  }

  void add(MemoryRequest request) {
    request.next = null;
    if (head == null) {
      head = request;
    } else {
      tail.next = request;
    }
    tail = request;
    size++;
  }

  /** Takes the oldest, or null. */
  MemoryRequest poll() {
    MemoryRequest first = head;
    if (first != null) {
      head = first.next;
      first.next = null;
      size--;
    }
    return first;
  }

  /** Takes the oldest of a row, else the oldest, or null. */
  MemoryRequest pollOfRow(int row) {
    MemoryRequest before = null;
    for (MemoryRequest request = head; request != null; request = request.next) {
      if (request.row == row) {
        return unlink(before, request);
      }
      before = request;
    }
    return poll();
  }

  private MemoryRequest unlink(MemoryRequest before, MemoryRequest request) {
    if (before == null) {
      return poll();
    }
    before.next = request.next;
    if (tail == request) {
      tail = before;
    }
    request.next = null;
    size--;
    return request;
  }
}
