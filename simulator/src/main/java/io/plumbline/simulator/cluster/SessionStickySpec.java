package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;
import java.util.HashMap;
import java.util.Map;

/**
 * Every request of a session goes where its first one went: the replica with the fewest outstanding
 * requests at that time. So does a request without a session.
 */
public record SessionStickySpec() implements RouterSpec {

  public static SessionStickySpec defaults() {
    return new SessionStickySpec();
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    RequestRouter leastOutstanding = LorSpec.defaults().create(replicas, compatibility);
    Map<String, Integer> replicaOfSession = new HashMap<>();
    return (request, loads) -> {
      String session = request.request().session();
      Integer known = replicaOfSession.get(session);
      if (known != null) {
        return known;
      }
      int replica = leastOutstanding.route(request, loads);
      if (session != null) {
        replicaOfSession.put(session, replica);
      }
      return replica;
    };
  }
}
