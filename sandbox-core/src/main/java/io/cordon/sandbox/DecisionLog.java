package io.cordon.sandbox;

import com.google.common.collect.EvictingQueue;
import com.google.common.collect.ImmutableList;

/** The last decisions of a sandbox's proxy; the older ones are forgotten, for a child can ask as often as it likes. */
final class DecisionLog {
    static final int KEPT = 1000;

    private final EvictingQueue<NetworkDecision> decisions = EvictingQueue.create(KEPT);

    synchronized void add(NetworkDecision decision) {
        new NetworkDecisionEvent(decision).commit();
        decisions.add(decision);
    }

    synchronized ImmutableList<NetworkDecision> recent() {
        return ImmutableList.copyOf(decisions);
    }
}
