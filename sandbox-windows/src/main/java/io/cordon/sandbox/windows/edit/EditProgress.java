package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;

/** Is told of every object that is looked at or changed, before it is. Called on the thread that does the work. */
@FunctionalInterface
public interface EditProgress {
    /** Lets everything go on. */
    EditProgress NONE = current -> {};

    /**
     * An object is next.
     *
     * @param current where it is
     * @throws SandboxException to cancel what is being done; what was changed is then taken back
     */
    void at(Path current) throws SandboxException;
}
