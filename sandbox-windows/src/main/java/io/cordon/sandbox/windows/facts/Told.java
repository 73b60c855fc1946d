package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import java.io.Serial;

/** Carries what the observer throws, and what only a walk finds out, out of a walk, whose visitors throw nothing else. */
final class Told {
    /** A walk is over. */
    static final class Stopped extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final SandboxException reason;

        Stopped(SandboxException reason) {
            super(reason);
            this.reason = reason;
        }

        SandboxException reason() {
            return reason;
        }
    }

    private final EditProgress progress;

    Told(EditProgress progress) {
        this.progress = progress;
    }

    /** Tells of an object. */
    void at(String path) {
        try {
            progress.at(FileTree.plain(path));
        } catch (SandboxException e) {
            throw new Stopped(e);
        }
    }
}
