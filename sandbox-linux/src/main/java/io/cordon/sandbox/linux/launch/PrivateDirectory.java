package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A directory of one sandbox, for the user only: in it the child's temp directory, and beside that the canary, a file
 * that a confined process must not be able to write.
 */
final class PrivateDirectory implements AutoCloseable {
    private final Path directory;

    private PrivateDirectory(Path directory) {
        this.directory = directory;
    }

    /** Makes one that lies in none of the writable roots, because there its canary would sing for nothing. */
    static PrivateDirectory create(ImmutableSet<Path> writableRoots) throws SandboxException {
        ImmutableList<Path> candidates = ImmutableList.of(
                Path.of(System.getProperty("java.io.tmpdir")),
                Path.of("/var/tmp"),
                Path.of(System.getProperty("user.home")));
        IOException failure = new IOException("each of " + candidates + " lies in a writable root");
        for (Path candidate : candidates) {
            try {
                Path parent = candidate.toRealPath();
                if (writableRoots.stream().noneMatch(parent::startsWith)) {
                    return createIn(parent);
                }
            } catch (IOException e) {
                e.addSuppressed(failure);
                failure = e;
            }
        }
        throw new SandboxException(
                SandboxErrorCode.PREPARE_FAILED,
                "no directory for temporary files could be made: " + failure + "; set java.io.tmpdir to a directory "
                        + "that is writable and outside of the workspace",
                failure);
    }

    private static PrivateDirectory createIn(Path parent) throws IOException {
        PrivateDirectory result = new PrivateDirectory(Files.createTempDirectory(
                parent, "cordon-" + ProcessHandle.current().pid() + "-"));
        try {
            Files.createDirectory(result.temp(), attribute("rwx------"));
            Files.createFile(result.canary());
            Files.createDirectory(result.sealedDirectory(), attribute("---------"));
            Files.createFile(result.sealedFile(), attribute("---------"));
            return result;
        } catch (IOException e) {
            try {
                result.delete();
            } catch (IOException failedDelete) {
                e.addSuppressed(failedDelete);
            }
            throw e;
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /** Where the child's temporary files go. */
    Path temp() {
        return directory.resolve("tmp");
    }

    /** What no confined process can write. */
    Path canary() {
        return directory.resolve("canary");
    }

    /** A directory that nobody can list or enter, to be mounted over those that must not be read. */
    Path sealedDirectory() {
        return directory.resolve("sealed-directory");
    }

    /** The same for files. */
    Path sealedFile() {
        return directory.resolve("sealed-file");
    }

    /** Deletes the directory with all that the child left in it, following no link. */
    @Override
    public void close() throws SandboxException {
        try {
            delete();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED,
                    "the private directory " + directory + " could not be deleted: " + e,
                    e);
        }
    }

    private void delete() throws IOException {
        try {
            MoreFiles.deleteRecursively(directory);
        } catch (IOException e) {
            openDirectories(); // a child may have taken its own directories' permissions away
            MoreFiles.deleteRecursively(directory);
        }
    }

    private void openDirectories() throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
                if (!Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    return FileVisitResult.CONTINUE;
                }
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
                return Files.walkFileTree(path, this) == null ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
