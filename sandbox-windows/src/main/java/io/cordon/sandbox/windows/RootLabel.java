package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.edit.FileTree.FirstFailure;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The label that makes a directory, and all that is in it, writable for the child: {@code (ML;OICI;NW;;;S-1-16-6144)}.
 *
 * <p>A label with this level is taken for one of ours wherever it is met, so that what a JVM left behind when it was
 * killed is withdrawn at the next close. Labels of other levels are not touched.
 */
final class RootLabel {
    private static final int ACCESS = FileTree.READ_CONTROL | FileTree.WRITE_OWNER;

    private final FileCalls files;
    private final Path root;
    private final String path;
    /** The label that was set on the root itself before; not one that it inherited, which the system makes anew. */
    private final byte[] previous;

    private RootLabel(FileCalls files, Path root, byte[] previous) {
        this.files = files;
        this.root = root;
        this.path = FileTree.extended(root);
        this.previous = previous;
    }

    /**
     * Labels a directory.
     *
     * @throws SandboxException if a file in it has another name elsewhere, or the label cannot be set; then there is
     *     the same label as before
     */
    static RootLabel apply(FileCalls files, Path root) throws SandboxException {
        String path = FileTree.extended(root);
        try {
            refuseHardLinks(files, root);
            try (Entry entry = new FileTree(files).open(path, ACCESS)) {
                if (!entry.isRealDirectory()) {
                    throw new SandboxException(
                            SandboxErrorCode.POLICY_ROOT_NOT_DIRECTORY,
                            "allowWrite(" + root + "): this is a link by now; name the directory that it leads to");
                }
                RootLabel label = new RootLabel(files, root, explicit(files.label(entry.handle())));
                try {
                    files.setLabel(
                            entry.handle(),
                            IntegrityLabel.inheritable(ConfinedToken.LEVEL).encode());
                } catch (WindowsFailure e) {
                    label.withdrawAfter(e);
                    throw e;
                }
                return label;
            }
        } catch (WindowsFailure e) {
            if (e.code() == WindowsFailure.ERROR_ACCESS_DENIED) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        "allowWrite(" + root + "): its label cannot be set (" + e.getMessage()
                                + "); whoever opens the sandbox needs Full control of this directory, which its owner "
                                + "can give by: icacls \"" + root + "\" /grant \"%USERNAME%:(OI)(CI)F\"",
                        e);
            }
            throw e.as(SandboxErrorCode.PREPARE_FAILED, root.toString());
        }
    }

    /**
     * All names of a file share one security descriptor: a label that reaches the file through the root would open its
     * name outside of the root as well.
     */
    private static void refuseHardLinks(FileCalls files, Path root) throws WindowsFailure, SandboxException {
        String[] linked = new String[1];
        FileTree.Visitor<RuntimeException> search = new FileTree.Visitor<>() {
            @Override
            public boolean enter(Entry entry) {
                if (linked[0] == null
                        && !entry.facts().isDirectory()
                        && entry.facts().links() > 1) {
                    linked[0] = entry.path();
                }
                return linked[0] == null;
            }

            @Override
            public void failed(String path, WindowsFailure failure) throws WindowsFailure {
                throw failure.at(path); // what cannot be looked at cannot be vouched for
            }
        };
        new FileTree(files).walk(FileTree.extended(root), search, 0);
        if (linked[0] != null) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "allowWrite(" + root + "): the file " + linked[0]
                            + " has a hard link, through which it could be changed outside of the root; replace it by "
                            + "a copy");
        }
    }

    private static byte[] explicit(byte[] acl) {
        Optional<IntegrityLabel> label = IntegrityLabel.decode(acl);
        return label.isEmpty() || label.get().isInherited() || label.get().level() == ConfinedToken.LEVEL
                ? IntegrityLabel.none()
                : acl;
    }

    private void withdrawAfter(WindowsFailure failure) {
        try {
            withdraw(other -> false);
        } catch (SandboxException e) {
            failure.addSuppressed(e);
        }
    }

    /** The root. */
    Path root() {
        return root;
    }

    /** The label that the root has now. */
    Optional<IntegrityLabel> read() throws WindowsFailure {
        try (Entry entry = new FileTree(files).open(path, FileTree.READ_CONTROL)) {
            return IntegrityLabel.decode(files.label(entry.handle()));
        }
    }

    /**
     * Puts the root's label back as it was, and takes ours off everything in it: the system withdraws what it handed
     * on, but not what the child set itself, nor what came in by being moved here.
     *
     * @param inUse roots of other open sandboxes, which keep their labels
     * @throws SandboxException if a label is left
     */
    void withdraw(Predicate<String> inUse) throws SandboxException {
        FirstFailure first = new FirstFailure();
        FileTree.Visitor<RuntimeException> withdrawal = new FileTree.Visitor<>() {
            private boolean covered;

            @Override
            public boolean enter(Entry entry) throws WindowsFailure {
                if (entry.path().equals(path)) {
                    set(path, previous);
                    // It inherits our level when a directory above is the root of another open sandbox.
                    covered = ours(entry).isPresent();
                    return true;
                }
                if (inUse.test(entry.path())) {
                    return false;
                }
                Optional<IntegrityLabel> label = ours(entry);
                if (label.isPresent() && !(covered && label.get().isInherited())) {
                    set(entry.path(), IntegrityLabel.none());
                }
                return true;
            }

            @Override
            public void failed(String failedPath, WindowsFailure failure) {
                first.add(failure.at(failedPath));
            }
        };
        try {
            // Only to read: what we may not label, we have not labelled.
            new FileTree(files).walk(path, withdrawal, FileTree.READ_CONTROL);
            first.throwIfAny();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.CLOSE_FAILED, "withdrawing the label of " + root);
        }
    }

    private void set(String object, byte[] acl) throws WindowsFailure {
        try (Entry entry = new FileTree(files).open(object, ACCESS)) {
            files.setLabel(entry.handle(), acl);
        }
    }

    private Optional<IntegrityLabel> ours(Entry entry) throws WindowsFailure {
        return IntegrityLabel.decode(files.label(entry.handle())).filter(label -> label.level() == ConfinedToken.LEVEL);
    }
}
