package io.cordon.sandbox.linux.mediate;

import java.io.Serial;

/** A call is answered with an error, as the kernel would have answered it, or because the change is not allowed. */
final class AnsweredException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final int error;

    AnsweredException(int error) {
        super("errno " + error, null, false, false);
        this.error = error;
    }

    int error() {
        return error;
    }
}
