package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import java.util.OptionalLong;

/** Counts objects for whoever watches the opening of a sandbox. An interrupt cancels it too. */
final class Counted implements EditProgress {
    private final StampProgress progress;
    private long done;
    private OptionalLong total = OptionalLong.empty();

    Counted(StampProgress progress) {
        this.progress = progress;
    }

    /** The objects were counted; from now on they are changed. */
    void counted(long objects) {
        total = OptionalLong.of(objects);
        done = 0;
    }

    @Override
    public void at(String path) throws SandboxException {
        done++;
        if (!progress.advanced(done, total, path) || Thread.currentThread().isInterrupted()) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_CANCELLED,
                    "opening the sandbox was cancelled at " + path
                            + ", and what was done is taken back; open it again");
        }
    }
}
