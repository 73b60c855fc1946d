package io.cordon.sandbox;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A {@link NetworkDecision} for Java Flight Recorder. */
@Name("io.cordon.sandbox.NetworkDecision")
@Label("Network Decision")
@Description("A connection that a sandboxed process asked the proxy for")
@Category("Cordon")
@StackTrace(false)
final class NetworkDecisionEvent extends Event {
    @Label("Protocol")
    String protocol;

    @Label("Host")
    String host;

    @Label("Port")
    int port;

    @Label("Allowed")
    boolean allowed;

    @Label("Reason")
    String reason;

    @Label("Address")
    String address;

    NetworkDecisionEvent(NetworkDecision decision) {
        protocol = decision.protocol().name();
        host = decision.host();
        port = decision.port();
        allowed = decision.allowed();
        reason = decision.reason().name();
        address = decision.address().map(to -> to.getHostAddress()).orElse("");
    }
}
