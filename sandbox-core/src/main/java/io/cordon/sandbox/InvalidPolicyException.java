package io.cordon.sandbox;

import java.io.Serial;

/** A policy contradicts itself or the rules; the message names the value, the rule and the remedy. */
public final class InvalidPolicyException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    private final SandboxErrorCode code;

    InvalidPolicyException(SandboxErrorCode code, String message) {
        super(code + ": " + message);
        this.code = code;
    }

    /** The rule that the policy breaks. */
    public SandboxErrorCode code() {
        return code;
    }
}
