package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkDecision;
import java.io.IOException;
import java.io.Serial;

/** A connection that the proxy does not make. Thrown for its reason, so that it has no stack. */
final class Refusal extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final NetworkDecision.Reason reason;

    Refusal(NetworkDecision.Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    NetworkDecision.Reason reason() {
        return reason;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // a child can cause as many as it likes
    }
}
