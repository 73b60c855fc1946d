package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;
import java.util.List;

/** Where changes are recorded before they are made. */
@FunctionalInterface
public interface EditLog {
    /** For whoever changes nothing that would have to be recorded. */
    EditLog NONE = records -> {
        throw new IllegalStateException("nothing was to be recorded: " + records);
    };

    /**
     * Records changes so that they outlive this process.
     *
     * @throws SandboxException if they are not recorded; then they must not be made
     */
    void record(List<EditRecord> records) throws SandboxException;
}
