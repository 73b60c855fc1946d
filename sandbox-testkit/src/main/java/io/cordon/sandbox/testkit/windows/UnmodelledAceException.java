package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.Ace;

/** A descriptor holds an entry whose effect the model does not know; an answer would be a guess. */
public final class UnmodelledAceException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnmodelledAceException(Ace ace, String where) {
        super("the model does not know what this entry of the " + where + " does: " + ace
                + "; remove it from the descriptor that is tested");
    }
}
