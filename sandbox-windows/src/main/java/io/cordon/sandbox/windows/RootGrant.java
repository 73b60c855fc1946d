package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityFormatException;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The entry that lets a write-restricted child write in a directory: everything but deleting what is in it by its own
 * right, changing the access list and taking ownership, for the SID of the directory. The system hands it on to what is
 * in it.
 */
final class RootGrant {
    private static final int WRITE_DAC = 0x00040000;
    private static final int ACCESS = FileTree.READ_CONTROL | WRITE_DAC;
    private static final AccessMask MASK = AccessMask.FILE_GENERIC_READ
            .or(AccessMask.FILE_GENERIC_WRITE)
            .or(AccessMask.FILE_GENERIC_EXECUTE)
            .or(AccessMask.DELETE);

    private final FileCalls files;
    private final Path directory;
    private final AccessAce entry;

    private RootGrant(FileCalls files, Path directory, AccessAce entry) {
        this.files = files;
        this.directory = directory;
        this.entry = entry;
    }

    /**
     * Grants, unless the entry is there.
     *
     * @throws SandboxException if the access list cannot be changed
     */
    static RootGrant apply(FileCalls files, CapabilitySids sids, Path directory) throws SandboxException {
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(directory), ACCESS)) {
            RootGrant grant =
                    new RootGrant(files, directory, AccessAce.allow(AceFlags.INHERIT, MASK, sids.of(entry.facts())));
            grant.add(entry);
            return grant;
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "granting writes in " + directory);
        } catch (SecurityFormatException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "allowWrite(" + directory + "): its access list takes no entry more: " + e.getMessage()
                            + "; simplify it with icacls",
                    e);
        }
    }

    private void add(FileTree.Entry open) throws WindowsFailure {
        byte[] bytes = files.dacl(open.handle());
        if (bytes.length == 0) {
            return; // without a list, everybody may do everything
        }
        Acl dacl = Acl.decode(bytes);
        if (dacl.aces().contains(entry)) {
            return;
        }
        // Behind the denials of the list itself, as Windows orders it.
        List<Ace> aces = new ArrayList<>(dacl.aces());
        int place = 0;
        while (place < aces.size()
                && aces.get(place) instanceof AccessAce before
                && before.kind().denies()
                && !before.isInherited()) {
            place++;
        }
        aces.add(place, entry);
        byte[] granting = dacl.withAces(aces).encode();
        try {
            files.setDacl(open.handle(), granting);
        } catch (WindowsFailure e) {
            withdrawAfter(e);
            throw e;
        }
    }

    /** It can have been handed on to a part of the tree before it failed. */
    private void withdrawAfter(WindowsFailure failure) {
        try {
            withdraw();
        } catch (SandboxException e) {
            failure.addSuppressed(e);
        }
    }

    /** The SID that it is for. */
    Sid sid() {
        return entry.sid();
    }

    /**
     * Takes the entry away, and leaves what others have changed meanwhile.
     *
     * @throws SandboxException if it stays
     */
    void withdraw() throws SandboxException {
        try (FileTree.Entry open = new FileTree(files).open(FileTree.extended(directory), ACCESS)) {
            byte[] bytes = files.dacl(open.handle());
            if (bytes.length == 0) {
                return;
            }
            Acl dacl = Acl.decode(bytes);
            List<Ace> aces = new ArrayList<>(dacl.aces());
            if (aces.remove(entry)) {
                files.setDacl(open.handle(), dacl.withAces(aces).encode());
            }
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.CLOSE_FAILED, "withdrawing the grant in " + directory);
        }
    }
}
