package io.cordon.sandbox.windows.broker;

import java.io.Serial;

/** What came over the control pipe is not a message, or not one that may come now. The connection is of no use then. */
public final class ProtocolException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    ProtocolException(String message) {
        super(message);
    }
}
