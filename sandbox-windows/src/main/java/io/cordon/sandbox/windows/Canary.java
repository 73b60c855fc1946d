package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.launch.Attempt;
import io.cordon.sandbox.windows.launch.ConfinedThread;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Tries, with the token of a child, what a child must not be able to do and what it must be able to do. Each attempt
 * that has to be denied is first made without that token, where it has to succeed: a denial that has another cause
 * proves nothing.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/client-impersonation">Client Impersonation</a>
 */
final class Canary {
    private static final int FILE_READ_DATA = 0x1;
    private static final int FILE_WRITE_DATA = 0x2;
    private static final int FILE_APPEND_DATA = 0x4;
    private static final int FILE_EXECUTE = 0x20;
    private static final int FILE_DELETE_CHILD = 0x40;
    private static final int FILE_WRITE_ATTRIBUTES = 0x100;
    private static final int DELETE = 0x00010000;
    private static final int WRITE_DAC = 0x00040000;
    private static final int WRITE_OWNER = 0x00080000;
    private static final int CREATE_NEW = 1;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_FLAG_DELETE_ON_CLOSE = 0x04000000;
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    private static final int FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;

    private static final int PROCESS_TERMINATE = 0x1;
    private static final int PROCESS_VM_READ = 0x10;
    private static final int PROCESS_VM_WRITE = 0x20;
    private static final int PROCESS_DUP_HANDLE = 0x40;

    /**
     * What was not denied.
     *
     * @param notDenied attempts on the canary and its directory, outside of the sandbox, that were not answered with
     *     "access denied"
     * @param processesReachable the same of attempts on processes
     * @param changeable the same of attempts to change what the policy protects
     * @param readable the same of attempts to read what it hides
     */
    record Seen(
            ImmutableList<String> notDenied,
            ImmutableList<String> processesReachable,
            ImmutableList<String> changeable,
            ImmutableList<String> readable) {}

    /**
     * What to try on.
     *
     * @param roots the child writes in these
     * @param carveOuts it changes none of these
     * @param denied it reads none of these
     */
    record Places(ImmutableList<Path> roots, ImmutableList<Path> carveOuts, ImmutableList<Path> denied) {}

    /** What a child has to be able to read of what nobody granted to it. */
    enum Reading {
        ALL,
        NOTHING,
        /** Another account reads what its own user lets it read. */
        ANY
    }

    /** Something to try on a file, and how that is called. */
    private record Named(String what, Path path, Attempt.OnFile attempt) {}

    /** Something to try on a process. */
    private record ProcessAttempt(String what, int access) {
        Attempt onThisJvm() {
            return new Attempt.OnProcess((int) ProcessHandle.current().pid(), access);
        }
    }

    /** Tries what a child of the sandbox can. */
    interface Child {
        ImmutableList<Integer> outcomes(List<Attempt> attempts) throws SandboxException, WindowsFailure;
    }

    /**
     * Ending is what a level does not keep from: it is a right of the generic execute kind, and the labels of processes
     * forbid writing and reading up.
     */
    private static final ImmutableList<ProcessAttempt> ON_PROCESSES = ImmutableList.of(
            new ProcessAttempt("end", PROCESS_TERMINATE),
            new ProcessAttempt("read the memory of", PROCESS_VM_READ),
            new ProcessAttempt("change the memory of", PROCESS_VM_WRITE),
            new ProcessAttempt("take the handles of", PROCESS_DUP_HANDLE));

    private static final ImmutableMap<String, Integer> CHANGES = ImmutableMap.of(
            "change", FILE_WRITE_DATA,
            "append to", FILE_APPEND_DATA,
            "change the attributes of", FILE_WRITE_ATTRIBUTES,
            "delete or rename", DELETE,
            "delete what is in", FILE_DELETE_CHILD,
            "change the access list of", WRITE_DAC,
            "take the ownership of", WRITE_OWNER);

    /** How reading is called among the attempts. */
    static final String READ = "read";

    private static final ImmutableMap<String, Integer> READS =
            ImmutableMap.of(READ, FILE_READ_DATA, "execute", FILE_EXECUTE);

    private final NativeCalls calls;
    private final ImmutableList.Builder<String> notDenied = ImmutableList.builder();
    private final ImmutableList.Builder<String> processesReachable = ImmutableList.builder();
    private final ImmutableList.Builder<String> changeable = ImmutableList.builder();
    private final ImmutableList.Builder<String> readable = ImmutableList.builder();

    Canary(NativeCalls calls) {
        this.calls = calls;
    }

    Seen examine(TokenShape shape, PrivateDirectory directory, Places places) throws SandboxException, WindowsFailure {
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), shape)) {
            Seen seen = examine(token, Reading.ALL, directory, places);
            if (shape.restricting().isPresent()) {
                expectRestriction(shape, forbidden(directory, Reading.ALL));
                return seen();
            }
            return seen;
        }
    }

    /** The same with a token that exists. */
    Seen examine(OwnedHandle token, Reading reading, PrivateDirectory directory, Places places)
            throws SandboxException, WindowsFailure {
        return examine(attempts -> ConfinedThread.outcomes(calls, token, attempts), reading, directory, places);
    }

    /** The same with a child that is somewhere else. */
    Seen examine(Child child, Reading reading, PrivateDirectory directory, Places places)
            throws SandboxException, WindowsFailure {
        ImmutableList<Named> forbidden = forbidden(directory, reading);
        for (Named named : forbidden) {
            requireSuccess("without a sandbox", named, named.attempt.outcome(calls));
        }
        for (ProcessAttempt onProcess : ON_PROCESSES) {
            int outcome = onProcess.onThisJvm().outcome(calls);
            if (outcome != 0) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        "attestation: it must be possible without a sandbox to " + onProcess.what
                                + " the JVM, and opening its process for that failed with " + outcome);
            }
        }
        ImmutableList<Named> changes = possible(places.carveOuts(), CHANGES, changeable);
        ImmutableList<Named> reads = possible(places.denied(), READS, readable);
        ImmutableList<Named> allowed = allowed(directory, places.roots(), reading);
        ImmutableList<Named> onFiles = ImmutableList.<Named>builder()
                .addAll(allowed)
                .addAll(forbidden)
                .addAll(changes)
                .addAll(reads)
                .build();
        ImmutableList.Builder<Attempt> attempts = ImmutableList.builder();
        onFiles.forEach(named -> attempts.add(named.attempt));
        ON_PROCESSES.forEach(onProcess -> attempts.add(onProcess.onThisJvm()));
        Iterator<Integer> seen = child.outcomes(attempts.build()).iterator();
        for (Named named : allowed) {
            requireSuccess("in the sandbox", named, seen.next());
        }
        forbidden.forEach(named -> expectDenied(named, seen.next(), notDenied));
        changes.forEach(named -> expectDenied(named, seen.next(), changeable));
        reads.forEach(named -> expectDenied(named, seen.next(), readable));
        for (ProcessAttempt onProcess : ON_PROCESSES) {
            int outcome = seen.next();
            if (outcome != WindowsFailure.ERROR_ACCESS_DENIED) {
                processesReachable.add(onProcess.what + answer(outcome));
            }
        }
        return seen();
    }

    private Seen seen() {
        return new Seen(notDenied.build(), processesReachable.build(), changeable.build(), readable.build());
    }

    /** The same without the level, which else would hide that nothing else holds. */
    private void expectRestriction(TokenShape shape, ImmutableList<Named> forbidden)
            throws SandboxException, WindowsFailure {
        // FILE_DELETE_CHILD is no write right to a restricted token, and gives DELETE on what is in it.
        ImmutableList<Named> attempts = forbidden.stream()
                .filter(named -> (named.attempt.access() & (DELETE | FILE_DELETE_CHILD)) == 0)
                .collect(ImmutableList.toImmutableList());
        TokenShape onlyRestricted = new TokenShape(IntegrityLevel.MEDIUM, shape.restricting());
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), onlyRestricted)) {
            Iterator<Integer> seen = ConfinedThread.outcomes(calls, token, Lists.transform(attempts, Named::attempt))
                    .iterator();
            attempts.forEach(named -> expectDenied(named, seen.next(), notDenied));
        }
    }

    private static ImmutableList<Named> forbidden(PrivateDirectory directory, Reading reading) {
        Path canary = directory.canary();
        ImmutableList.Builder<Named> attempts = ImmutableList.builder();
        if (reading == Reading.NOTHING) {
            attempts.add(existing(READ, canary, FILE_READ_DATA));
        }
        attempts.add(
                existing("change", canary, FILE_WRITE_DATA),
                existing("append to", canary, FILE_APPEND_DATA),
                existing("change the attributes of", canary, FILE_WRITE_ATTRIBUTES),
                existing("delete or rename", canary, DELETE),
                existing("change the access list of", canary, WRITE_DAC),
                existing("take the ownership of", canary, WRITE_OWNER),
                existing("delete what is in", directory.path(), FILE_DELETE_CHILD),
                temporary(directory.path().resolve("new")));
        return attempts.build();
    }

    /**
     * What the user himself may do: only that can be denied to his child. So may he what a program keeps from him that has
     * the object open, such as another sandbox, which holds its places: share modes are compared with the access that was
     * granted (MS-FSA 2.1.5.1.2.2). What fails for another reason was not tried, and is an exception.
     */
    private ImmutableList<Named> possible(
            List<Path> places, ImmutableMap<String, Integer> accesses, ImmutableList.Builder<String> exceptions) {
        ImmutableList.Builder<Named> possible = ImmutableList.builder();
        for (Path place : places) {
            accesses.forEach((what, access) -> {
                Named named = named(
                        what, place, access, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT);
                int outcome = named.attempt.outcome(calls);
                if (outcome == 0 || outcome == WindowsFailure.ERROR_SHARING_VIOLATION) {
                    possible.add(named);
                } else if (outcome != WindowsFailure.ERROR_ACCESS_DENIED) {
                    exceptions.add(exception(named, outcome));
                }
            });
        }
        return possible.build();
    }

    private static ImmutableList<Named> allowed(PrivateDirectory directory, List<Path> roots, Reading reading) {
        ImmutableList.Builder<Named> attempts = ImmutableList.builder();
        if (reading == Reading.ALL) {
            attempts.add(existing(READ, directory.canary(), FILE_READ_DATA));
        }
        attempts.add(temporary(directory.temp().resolve("new")));
        for (Path root : roots) {
            // The bits for adding files and for adding directories.
            attempts.add(existing("change what is in", root, FILE_WRITE_DATA | FILE_APPEND_DATA));
        }
        return attempts.build();
    }

    private static Named named(String what, Path path, int access, int disposition, int flags) {
        return new Named(what, path, new Attempt.OnFile(FileTree.extended(path), access, disposition, flags));
    }

    private static Named existing(String what, Path path, int access) {
        return named(what, path, access, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    }

    private static Named temporary(Path path) {
        return named("create", path, FILE_WRITE_DATA | DELETE, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE);
    }

    private static void requireSuccess(String where, Named named, int outcome) throws SandboxException {
        if (outcome != 0) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "attestation: it must be possible " + where + " to " + named.what + " " + named.path
                            + ", and that failed with " + outcome + "; check the access list of this path");
        }
    }

    private static void expectDenied(Named named, int outcome, ImmutableList.Builder<String> exceptions) {
        if (outcome != WindowsFailure.ERROR_ACCESS_DENIED) {
            exceptions.add(exception(named, outcome));
        }
    }

    private static String exception(Named named, int outcome) {
        return named.what + " " + named.path.getFileName() + answer(outcome);
    }

    private static String answer(int outcome) {
        return outcome == 0 ? "" : " (which failed with " + outcome + ", not with access denied)";
    }
}
