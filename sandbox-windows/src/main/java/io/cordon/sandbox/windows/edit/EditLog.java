package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;
import java.util.List;

/** Where changes are recorded before they are made. */
@FunctionalInterface
public interface EditLog {
    /**
     * Records changes so that they outlive this process.
     *
     * @throws SandboxException if they are not recorded; then they must not be made
     */
    void record(List<EditRecord> records) throws SandboxException;
}
