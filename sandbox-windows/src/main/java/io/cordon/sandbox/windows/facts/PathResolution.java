package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out by handles where a path of a policy leads: links, short names, substituted drives and case resolved. */
final class PathResolution {
    private static final int FILE_SHARE_ALL = 0x7;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;

    /**
     * Where a path leads.
     *
     * @param real the extended final path; of what does not exist, the names behind the last existing directory are kept
     * @param link where the link is, if the path ends in one that leads elsewhere
     */
    record Resolved(String real, Optional<String> link) {}

    private final FileCalls files;

    PathResolution(FileCalls files) {
        this.files = files;
    }

    /**
     * Resolves a path.
     *
     * @throws SandboxException if it ends in a link and what that leads to cannot be opened
     */
    Resolved resolve(Path path) throws WindowsFailure, SandboxException {
        String text = FileTree.extended(path);
        Optional<String> itself = Optional.empty();
        boolean link = false;
        try (OwnedHandle handle = open(text, FILE_FLAG_OPEN_REPARSE_POINT)) {
            itself = Optional.of(files.finalPath(handle));
            link = files.facts(handle).isReparsePoint();
        } catch (WindowsFailure e) {
            if (!ObjectReader.isMissing(e) && !ObjectReader.isRefusal(e)) {
                throw e.at(text);
            }
        }
        if (itself.isEmpty()) {
            return new Resolved(inParent(path), Optional.empty());
        }
        if (!link) {
            return new Resolved(itself.get(), Optional.empty());
        }
        try (OwnedHandle handle = open(text, 0)) {
            String real = files.finalPath(handle);
            return new Resolved(real, real.equals(itself.get()) ? Optional.empty() : itself);
        } catch (WindowsFailure e) {
            if (ObjectReader.isRefusal(e)) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        path + " is a link, and what it leads to cannot be opened (" + e.getMessage()
                                + "); grant the user the right to read it, or leave the link out of the policy",
                        e);
            }
            if (ObjectReader.isMissing(e)) {
                return new Resolved(itself.get(), Optional.empty()); // it leads nowhere
            }
            throw e.at(text);
        }
    }

    /** The path of something that is missing, or cannot be opened, in its directory. */
    private String inParent(Path path) throws WindowsFailure, SandboxException {
        Path parent = path.getParent();
        Path name = path.getFileName();
        return parent == null || name == null
                ? FileTree.extended(path)
                : FileTree.join(resolve(parent).real(), name.toString());
    }

    private OwnedHandle open(String path, int flags) throws WindowsFailure {
        return files.open(path, 0, FILE_SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags);
    }
}
