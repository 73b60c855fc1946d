package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what an undo grants the user for the moment, in a layer of its own: if the process ends before it is taken
 * back, that layer is the youngest, so that the next undo takes it back first. It is made when there is something to
 * record.
 */
final class UndoGrants implements EditLog, AutoCloseable {
    private final RegisterTransaction register;
    private @Nullable JournalWriter journal;

    UndoGrants(RegisterTransaction register) {
        this.register = register;
    }

    @Override
    public void record(List<EditRecord> records) throws SandboxException {
        if (journal == null) {
            journal = register.newLayer(Lifetime.SESSION, List.of(), List.of());
        }
        journal.append(records);
    }

    /** Whether this is its layer. */
    boolean isOf(Layer layer) {
        return journal != null && journal.id().equals(layer.id());
    }

    @Override
    public void close() throws SandboxException {
        if (journal != null) {
            journal.close();
        }
    }
}
