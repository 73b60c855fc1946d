package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The sandbox's own directory: the temp directory of its processes, labelled for them, and beside it, without a label,
 * the canary that they must not be able to change. The user's own temp directory stays as it is.
 */
final class PrivateDirectory {
    private final FileCalls files;
    private final Path directory;

    private PrivateDirectory(FileCalls files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /**
     * Makes the directory.
     *
     * @param home the library's own directory
     * @throws SandboxException if a step fails; then nothing of it is left
     */
    static PrivateDirectory create(FileCalls files, Path home) throws SandboxException {
        Path directory = home.resolve("sandboxes").resolve(UUID.randomUUID().toString());
        PrivateDirectory made = new PrivateDirectory(files, directory);
        try {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "the private directory " + directory + " cannot be made: " + e, e);
        }
        try {
            Files.createDirectory(made.temp());
            Files.writeString(made.canary(), "Nothing in a sandbox may change this file.");
            made.label();
            return made;
        } catch (IOException e) {
            SandboxException failure = e instanceof SandboxException exception
                    ? exception
                    : new SandboxException(
                            SandboxErrorCode.PREPARE_FAILED, "making the private directory " + directory + ": " + e, e);
            made.deleteAfter(failure);
            throw failure;
        }
    }

    private void label() throws SandboxException {
        try (FileTree.Entry entry =
                new FileTree(files).open(FileTree.extended(realTemp()), FileTree.READ_CONTROL | FileTree.WRITE_OWNER)) {
            files.setLabel(
                    entry.handle(),
                    IntegrityLabel.inheritable(ConfinedToken.LEVEL).encode());
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, temp().toString());
        }
    }

    /**
     * Lets a write-restricted child write in the temp directory. It goes with the directory.
     *
     * @throws SandboxException if that is not possible
     */
    Sid grant(CapabilitySids sids) throws SandboxException {
        return RootGrant.apply(files, sids, realTemp()).sid();
    }

    private Path realTemp() throws SandboxException {
        try {
            return temp().toRealPath();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "resolving the links of " + temp() + " failed: " + e, e);
        }
    }

    private void deleteAfter(SandboxException failure) {
        try {
            delete();
        } catch (SandboxException e) {
            failure.addSuppressed(e);
        }
    }

    /** What TEMP is in the sandbox. */
    Path temp() {
        return directory.resolve("temp");
    }

    /** A file that no process of the sandbox may write. */
    Path canary() {
        return directory.resolve("canary");
    }

    /** The directory that holds both. */
    Path path() {
        return directory;
    }

    /**
     * Deletes it with all that is in it.
     *
     * @throws SandboxException if something is left
     */
    void delete() throws SandboxException {
        try {
            new FileTree(files).delete(directory.toRealPath());
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.CLOSE_FAILED, "deleting " + directory);
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.CLOSE_FAILED, "deleting " + directory + " failed: " + e, e);
        }
    }
}
