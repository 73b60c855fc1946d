package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;

/** Is told of every object that is looked at or changed. */
@FunctionalInterface
public interface EditProgress {
    /** Nobody wants to know. */
    EditProgress NONE = current -> {};

    /**
     * One object more.
     *
     * @param path where it is, without {@code \\?\} in front; not always a path that {@code java.nio} takes
     * @throws SandboxException to cancel; what was changed is taken back
     */
    void at(String path) throws SandboxException;
}
