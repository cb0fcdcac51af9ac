package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.GpuSpec;
import java.util.Arrays;

/** Everything beyond the SMs: the two networks, the slices of L2 and the memory channels. */
final class MemorySystem implements MemoryPort {
  private final GpuSpec gpu;
  private final Crossbar requests;
  private final Crossbar replies;
  private final L2Slice[] slices;
  private final DramChannel[] channels;

  MemorySystem(GpuSpec gpu) {
    this.gpu = gpu;
    int count = gpu.addresses().slices();
    requests = new Crossbar(gpu.sms(), count, request -> request.slice);
    replies = new Crossbar(count, gpu.sms(), reply -> reply.sm);
    slices = new L2Slice[count];
    Arrays.setAll(slices, i -> new L2Slice(gpu.l2(), gpu.addresses()));
    channels = new DramChannel[gpu.addresses().channels()];
    int each = gpu.addresses().slicesPerChannel();
    Arrays.setAll(
        channels,
        i ->
            new DramChannel(
                gpu.dram(), gpu.addresses(), Arrays.copyOfRange(slices, i * each, (i + 1) * each)));
  }

  Crossbar replies() {
    return replies;
  }

  L2Slice[] slices() {
    return slices;
  }

  DramChannel[] channels() {
    return channels;
  }

  @Override
  public boolean accepts(int sm) {
    return requests.accepts(sm);
  }

  @Override
  public void send(MemoryRequest request) {
    request.slice = gpu.addresses().slice(request.address());
    requests.send(request.sm, request);
  }

  /** Each slice gives the network a reply. */
  void reply() {
    for (int i = 0; i < slices.length; i++) {
      if (!slices[i].replies().isEmpty() && replies.accepts(i)) {
        replies.send(i, slices[i].replies().poll());
      }
    }
  }

  void dramCycle(long now) {
    for (DramChannel channel : channels) {
      if (channel.isBusy(now)) {
        channel.cycle(now);
      } else {
        channel.idle();
      }
    }
  }

  void l2Cycle(long now) {
    for (int i = 0; i < slices.length; i++) {
      L2Slice slice = slices[i];
      if (requests.hasDelivered(i) && slice.acceptsRequest()) {
        slice.request(requests.receive(i), now);
      }
      if (slice.isBusy(now)) {
        slice.cycle(now);
      }
    }
  }

  void networkCycle() {
    requests.advance();
    replies.advance();
  }
}
