package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Which sandboxes of this user are open, what was edited for them, and who needs it: the directory {@code journal} in
 * the library's home. {@link JournalFormat} describes it.
 *
 * <p>Safe for use by several threads and processes: everything happens in a {@link RegisterTransaction}, of which there
 * is one at a time on the machine.
 */
public final class EditRegister {
    /** A first stamp or an undo of a large tree takes minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path directory;
    private final Owners owners;
    private final StepListener steps;
    private final Duration patience;

    /** @param home the library's own directory; made when it is needed */
    public EditRegister(Path home) {
        this(home, Owners.SYSTEM, StepListener.NONE, PATIENCE);
    }

    /**
     * A register that is watched.
     *
     * @param home the library's own directory; made when it is needed
     * @param owners tells which processes still run
     * @param steps is told of each step that lasts
     * @param patience how long {@link #begin} waits for others
     */
    public EditRegister(Path home, Owners owners, StepListener steps, Duration patience) {
        this.directory = home.resolve("journal");
        this.owners = owners;
        this.steps = steps;
        this.patience = patience;
    }

    /**
     * Waits until no other transaction is under way, also in other processes, and begins one. It belongs to this thread
     * and has to be closed by it. Damaged files are moved to quarantine and files that were being made are deleted. An
     * interrupt does not end the wait; the thread has its flag again when it goes on.
     *
     * @throws SandboxException if the directory or a file in it cannot be made, read or moved, or if another transaction
     *     does not end
     * @throws IllegalStateException if this thread is in a transaction on this directory
     */
    public RegisterTransaction begin() throws SandboxException {
        try {
            Files.createDirectories(directory);
            RegisterLock lock = RegisterLock.acquire(directory, patience);
            try {
                RegisterFiles files = new RegisterFiles(directory, steps);
                files.deleteTemporary();
                RegisterTransaction transaction = new RegisterTransaction(files, owners, lock);
                transaction.layers();
                transaction.leases();
                return transaction;
            } catch (IOException | RuntimeException e) {
                try (lock) {
                    throw e;
                }
            }
        } catch (IOException e) {
            throw failure("the journal's directory " + directory + " cannot be used", e);
        }
    }

    /** What went wrong with a file that the message names. */
    static SandboxException failure(String what, IOException cause) {
        return cause instanceof SandboxException already
                ? already
                : new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        what + ": " + cause
                                + "; make room on the disk, give this user full access to it, or end the program that has it open",
                        cause);
    }
}
