package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import java.io.Serial;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

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

    /** Tells of an object; of one that Java has no path for by the directory that it is in. */
    void at(String path) {
        try {
            progress.at(expressible(path));
        } catch (SandboxException e) {
            throw new Stopped(e);
        }
    }

    private static Path expressible(String path) {
        for (String up = path; ; up = FileTree.parent(up)) {
            try {
                return FileTree.path(up);
            } catch (InvalidPathException e) {
                if (up.isEmpty()) {
                    throw e;
                }
            }
        }
    }
}
