package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.ReplicaScheduler;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.engine.EventQueue;
import io.plumbline.simulator.hardware.Link;
import io.plumbline.trace.run.PoolRole;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Brings requests from the replicas that prefill them to those that decode them. Keys and values
 * are pulled: a decode replica first takes blocks, in the order in which prefills ended, and until
 * they are copied they stay in the blocks of the prefill replica. So a full decode replica fills
 * the prefill replicas, which then start no more prompts.
 *
 * @see <a href="https://arxiv.org/abs/2401.09670">DistServe (OSDI'24), section 4.3</a>
 * @see <a href="https://docs.vllm.ai/en/latest/features/disagg_prefill/">vLLM's disaggregated
 *     prefilling</a>, whose NIXL connector pulls as well
 */
final class Handovers {
  private final HandoverSpec spec;
  private final double bytesPerToken;
  private final int layers;
  private final List<Replica> replicas;
  private final int[] decoders;
  private final RequestRouter router;
  private final ReplicaLoads loads;
  private final EventQueue<Event> queue;
  private final Recorder recorder;

  /** By replica: who waits there for blocks. */
  private final List<ArrayDeque<Handover>> incoming = new ArrayList<>();

  /** Who has blocks and waits for streams. */
  private final List<Handover> reserved = new ArrayList<>();

  private final int[] sending;
  private final int[] receiving;

  /**
   * @param loads of the decode replicas
   */
  Handovers(
      HandoverSpec spec,
      KvLayout layout,
      List<Replica> replicas,
      int[] decoders,
      ReplicaLoads loads,
      EventQueue<Event> queue,
      Recorder recorder) {
    this.spec = spec;
    this.bytesPerToken = layout.bytesPerToken();
    this.layers = layout.layers();
    this.replicas = replicas;
    this.decoders = decoders;
    this.router =
        spec.router()
            .create(decoders.length, replicas.get(decoders[0]).pool.spec().compatibility());
    this.loads = loads;
    this.queue = queue;
    this.recorder = recorder;
    this.sending = new int[replicas.size()];
    this.receiving = new int[replicas.size()];
    replicas.forEach(replica -> incoming.add(new ArrayDeque<>()));
  }

  /** Whether every decode replica could serve a request to its end. */
  boolean accept(RequestProgress request) {
    return request.request().outputTokens() == 1
        || Arrays.stream(decoders).allMatch(decoder -> replicas.get(decoder).canDecode(request));
  }

  /**
   * Takes the requests of a batch that are done where they are.
   *
   * @param replicaOfRequest is told where they go
   */
  void batchEnded(int number, Batch batch, int[] replicaOfRequest) {
    Replica replica = replicas.get(number);
    if (replica.pool.role() == PoolRole.PREFILL) {
      for (int i = 0; i < batch.size(); i++) {
        RequestProgress request = batch.request(i);
        if (request.handsOver() && request.leaves() && replicaOfRequest[request.id()] == number) {
          prefillEnds(request, number, batch.startSeconds(), replicaOfRequest);
        }
      }
    } else {
      reserve(number);
    }
  }

  private void prefillEnds(
      RequestProgress request, int from, double iterationStart, int[] replicaOfRequest) {
    double now = queue.nowSeconds();
    Replica prefiller = replicas.get(from);
    prefiller.requestLeft();
    int to = decoders[router.route(request, loads)];
    replicaOfRequest[request.id()] = to;
    Handover handover =
        new Handover(
            request, from, to, now, now - iterationStart, prefiller.scheduler.handOver(request));
    request.goOnWithDecode();
    replicas.get(to).expect();
    incoming.get(to).addLast(handover);
    reserve(to);
  }

  /** Gives blocks of a decode replica to those that wait for them, in their order. */
  private void reserve(int number) {
    ArrayDeque<Handover> waiting = incoming.get(number);
    ReplicaScheduler scheduler = replicas.get(number).scheduler;
    boolean some = false;
    while (!waiting.isEmpty()) {
      int tokens = scheduler.reserve(waiting.peekFirst().request);
      if (tokens == ReplicaScheduler.NO_ROOM) {
        break;
      }
      Handover handover = waiting.pollFirst();
      handover.tokens = tokens;
      reserved.add(handover);
      some = true;
    }
    if (some) {
      recorder.kvReserved(number, scheduler.kvBlocksUsed(), queue.nowSeconds());
      startTransfers();
    }
  }

  private void startTransfers() {
    int streams = spec.link().streams();
    Iterator<Handover> next = reserved.iterator();
    while (next.hasNext()) {
      Handover handover = next.next();
      if (sending[handover.from] < streams && receiving[handover.to] < streams) {
        next.remove();
        sending[handover.from]++;
        receiving[handover.to]++;
        handover.startSeconds = queue.nowSeconds();
        queue.schedule(
            handover.startSeconds + transferSeconds(handover), new Event.KvTransferEnd(handover));
      }
    }
  }

  private double transferSeconds(Handover handover) {
    Link sender = replicas.get(handover.from).pool.network();
    Link receiver = replicas.get(handover.to).pool.network();
    double bandwidth =
        Math.min(sender.bandwidthBytesPerSecond(), receiver.bandwidthBytesPerSecond());
    double bytes = handover.tokens * bytesPerToken;
    double left = bytes;
    boolean atOnce = handover.startSeconds == handover.readySeconds;
    if (spec.link().overlap() == KvOverlap.LAYERS && atOnce) {
      left = Math.max(bytes / layers, bytes - bandwidth * handover.iterationSeconds);
    }
    return Math.max(sender.latencySeconds(), receiver.latencySeconds()) + left / bandwidth;
  }

  void onTransferEnd(Handover handover) {
    double now = queue.nowSeconds();
    sending[handover.from]--;
    receiving[handover.to]--;
    handover.hold.release();
    replicas.get(handover.to).scheduler.join(handover.request);
    recorder.kvTransferred(
        handover.request.id(),
        handover.from,
        handover.to,
        handover.tokens,
        handover.readySeconds,
        handover.startSeconds,
        now);
    queue.schedule(now, new Event.ScheduleReplica(handover.from));
    queue.schedule(now, new Event.ScheduleReplica(handover.to));
    startTransfers();
  }
}
