package io.plumbline.simulator.sm;

import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * A crossbar with queues at its inputs and outputs. In a cycle each output takes at most one
 * packet, from the next input in turn whose oldest packet wants it; an input can serve several
 * outputs.
 */
final class Crossbar {
  private static final int MOST_QUEUED = 512;

  private final ToIntFunction<MemoryRequest> output;
  private final RequestQueue[] inputs;
  private final RequestQueue[] outputs;
  private final IndexSet[] wanting;
  private final IndexSet wanted;
  private final IndexSet delivered;
  private final int[] turn;

  Crossbar(int inputs, int outputs, ToIntFunction<MemoryRequest> output) {
    this.output = output;
    this.inputs = queues(inputs);
    this.outputs = queues(outputs);
    wanting = new IndexSet[outputs];
    Arrays.setAll(wanting, i -> new IndexSet(inputs));
    wanted = new IndexSet(outputs);
    delivered = new IndexSet(outputs);
    turn = new int[outputs];
  }

  private static RequestQueue[] queues(int count) {
    RequestQueue[] queues = new RequestQueue[count];
    Arrays.setAll(queues, i -> new RequestQueue());
    return queues;
  }

  boolean accepts(int input) {
    return inputs[input].size() < MOST_QUEUED;
  }

  void send(int input, MemoryRequest packet) {
    if (inputs[input].isEmpty()) {
      want(input, packet);
    }
    inputs[input].add(packet);
  }

  boolean hasDelivered(int at) {
    return delivered.contains(at);
  }

  /** The next output from one on at which a packet waits, or -1. */
  int nextDelivered(int from) {
    return delivered.next(from);
  }

  MemoryRequest receive(int at) {
    MemoryRequest packet = outputs[at].poll();
    if (outputs[at].isEmpty()) {
      delivered.remove(at);
    }
    return packet;
  }

  /** One cycle. */
  void advance() {
    for (int to = wanted.next(0); to >= 0; to = wanted.next(to + 1)) {
      if (outputs[to].size() < MOST_QUEUED) {
        int from = wanting[to].next(turn[to]);
        if (from < 0) {
          from = wanting[to].next(0);
        }
        move(from, to);
      }
    }
  }

  private void move(int from, int to) {
    outputs[to].add(inputs[from].poll());
    delivered.add(to);
    turn[to] = from + 1;
    wanting[to].remove(from);
    if (wanting[to].isEmpty()) {
      wanted.remove(to);
    }
    MemoryRequest next = inputs[from].peek();
    if (next != null) {
      want(from, next);
    }
  }

  private void want(int input, MemoryRequest packet) {
    int to = output.applyAsInt(packet);
    wanting[to].add(input);
    wanted.add(to);
  }
}
