package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;

/** Opens objects by their identity, wherever they are now. */
final class ById {
    private static final int ERROR_INVALID_PARAMETER = 87;

    /** How the system says that nothing has this identity, or that it has no name any more. */
    private static final ImmutableSet<Integer> GONE = ImmutableSet.of(
            WindowsFailure.ERROR_FILE_NOT_FOUND, WindowsFailure.ERROR_PATH_NOT_FOUND, ERROR_INVALID_PARAMETER);

    private final FileCalls files;
    private final FileTree tree;

    ById(FileCalls files) {
        this.files = files;
        this.tree = new FileTree(files);
    }

    /**
     * Opens an object.
     *
     * @param path where it was once, on the same volume
     * @return nothing if it was deleted
     */
    Optional<FileTree.Entry> open(FileId id, String path, int access) throws WindowsFailure {
        try (FileTree.Entry volume = tree.open(FileTree.extended(FileTree.volume(path)), 0);
                OwnedHandle object = files.openById(
                        volume.handle(),
                        id.index(),
                        access | FileTree.FILE_READ_ATTRIBUTES,
                        FileTree.FILE_SHARE_ALL,
                        FileTree.AS_ITSELF)) {
            String now = files.finalPath(object);
            FileFacts facts = files.facts(object);
            return Optional.of(new FileTree.Entry(now, object.release(), facts, access));
        } catch (WindowsFailure e) {
            if (GONE.contains(e.code())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
