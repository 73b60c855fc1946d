package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;

/**
 * Handles that keep objects where they are: while one is open without FILE_SHARE_DELETE, nobody deletes or renames the
 * object. Closing lets go.
 *
 * <p>They are opened for reading, since Windows counts only handles with access to data when it compares share modes; one
 * for attributes alone would hold nothing.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fileio/creating-and-opening-files">Creating and Opening
 *     Files</a>
 */
public final class Fences implements AutoCloseable {
    private static final int FILE_READ_DATA = 0x1;

    private final ImmutableList<OwnedHandle> handles;
    private final ImmutableList<Unreached> missed;

    private Fences(ImmutableList<OwnedHandle> handles, ImmutableList<Unreached> missed) {
        this.handles = handles;
        this.missed = missed;
    }

    /** Holds what can be held; the access lists that the plan sets hold the rest. */
    public static Fences hold(FileCalls files, Iterable<Path> paths) {
        ImmutableList.Builder<OwnedHandle> handles = ImmutableList.builder();
        ImmutableList.Builder<Unreached> missed = ImmutableList.builder();
        for (Path path : paths) {
            try {
                handles.add(files.open(
                        FileTree.extended(path),
                        FILE_READ_DATA,
                        FileTree.FILE_SHARE_READ_WRITE,
                        FileTree.OPEN_EXISTING,
                        FileTree.AS_ITSELF));
            } catch (WindowsFailure e) {
                missed.add(Unreached.of(path.toString(), e));
            }
        }
        return new Fences(handles.build(), missed.build());
    }

    /** What is not held, such as a file that another program has open for itself alone. */
    public ImmutableList<Unreached> missed() {
        return missed;
    }

    @Override
    public void close() {
        handles.forEach(OwnedHandle::close);
    }
}
