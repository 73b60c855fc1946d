package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.win32.FileCalls;
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
     * The private directory of this name, whether it is there or not.
     *
     * @param home the library's own directory
     * @throws SandboxException if that is no name that a sandbox has
     */
    static PrivateDirectory named(FileCalls files, Path home, String name) throws SandboxException {
        try {
            UUID sandbox = UUID.fromString(name);
            return new PrivateDirectory(files, home.resolve("sandboxes").resolve(sandbox.toString()));
        } catch (IllegalArgumentException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "a private directory has the name of its sandbox, and none is called " + name,
                    e);
        }
    }

    /**
     * Makes it. Neither it nor what is in it has a label yet.
     *
     * @throws SandboxException if a step fails; {@link #delete} then deletes what was made
     */
    void make() throws SandboxException {
        try {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(directory);
            Files.createDirectory(temp());
            Files.writeString(canary(), "Nothing in a sandbox may change this file.");
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "the private directory " + directory + " cannot be made: " + e, e);
        }
    }

    /** Where {@link #temp} is when its links are resolved. */
    Path realTemp() throws SandboxException {
        try {
            return temp().toRealPath();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "resolving the links of " + temp() + " failed: " + e, e);
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
     * Deletes it with all that is in it, if it is there.
     *
     * @throws SandboxException if something is left
     */
    void delete() throws SandboxException {
        if (Files.notExists(directory)) {
            return;
        }
        try {
            new FileTree(files).delete(directory.toRealPath());
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.CLOSE_FAILED, "deleting " + directory);
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.CLOSE_FAILED, "deleting " + directory + " failed: " + e, e);
        }
    }
}
