package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.Fences;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.edit.Settlement;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A protected file is held by its label, by open handles and by entries that deny deleting. Each is shown alone, with the
 * other two left out of the plan: what it is there for holds, and what it is not there for does not.
 */
@Tag("windows")
@Timeout(120)
class CarveOutMatrixTest {
    private static final int FILE_READ_DATA = 0x1;
    private static final int FILE_WRITE_DATA = 0x2;
    private static final int DELETE = 0x00010000;
    private static final int OPEN_EXISTING = 3;
    private static final int AS_ITSELF = 0x02200000;
    private static final int DELETE_ON_CLOSE = 0x04000000;

    private static final int DONE = 0;
    private static final int DENIED = WindowsFailure.ERROR_ACCESS_DENIED;
    private static final int HELD = 32; // ERROR_SHARING_VIOLATION

    private enum Guard {
        LABEL,
        FENCE,
        DENY
    }

    private final NativeCalls calls = NativeCalls.windows();

    @TempDir
    Path temp;

    private Path root;
    private Path git;
    private Path config;
    private Path secret;

    @BeforeEach
    void makeRoot() throws Exception {
        WindowsJvm.assumeEnforcing();
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        git = Files.createDirectory(root.resolve(".git"));
        config = Files.writeString(git.resolve("config"), "x");
        secret = Files.writeString(root.resolve("secret"), "x");
    }

    /** As an earlier tool may have: without label of its own, every file is Medium. */
    private void label(Path file) throws WindowsFailure {
        try (FileTree.Entry entry = new FileTree(calls.files())
                .open(FileTree.extended(file), FileTree.READ_CONTROL | FileTree.WRITE_OWNER)) {
            calls.files()
                    .replaceLabel(
                            entry.handle(),
                            calls.files()
                                    .descriptor(entry.handle())
                                    .withSacl(Acl.of(new MandatoryLabel(IntegrityLevel.LOW, MandatoryLabel.NO_WRITE_UP)
                                            .toAce(AceFlags.NONE))));
        }
    }

    /** Edits of a plan with some guards only, and the handles that it wants held. */
    private final class Guarded implements AutoCloseable {
        private final EditRegister register =
                new EditRegister(WindowsPlaces.ofThisJvm().home());
        private final UUID sandbox = UUID.randomUUID();
        private final PrivateDirectory directory =
                PrivateDirectory.named(calls.files(), WindowsPlaces.ofThisJvm().home(), sandbox.toString());
        private final Sid user;
        private final WindowsPlan plan;
        private final Fences fences;

        Guarded(Set<Guard> guards) throws SandboxException, WindowsFailure {
            try (OwnedHandle own = calls.tokens().ownToken()) {
                user = Sid.decode(calls.tokens().user(own));
            }
            SandboxPolicy policy =
                    WindowsJvm.policy(root).denyWrite(config).denyRead(secret).build();
            try (RegisterTransaction transaction = register.begin()) {
                Lease lease = new Lease(sandbox, Owner.current(), sandbox.toString(), Instant.now(), ImmutableSet.of());
                transaction.write(lease);
                directory.make();
                Counted progress = new Counted(StampProgress.NONE);
                PlanOpening.Planner whole = new HostPlanner(
                                calls, WindowsPlaces.ofThisJvm(), policy, PlanOptions.DEFAULT, progress)
                        .with(directory.realTemp());
                plan = new PlanOpening(transaction, calls.files(), user, progress)
                        .open(reduced(whole, guards), lease, Lifetime.SESSION)
                        .plan();
            }
            fences = Fences.hold(calls.files(), plan.fences());
            assertThat(fences.missed()).isEmpty();
        }

        private PlanOpening.Planner reduced(PlanOpening.Planner whole, Set<Guard> guards) {
            return new PlanOpening.Planner() {
                @Override
                public PlanOpening.Seen facts(RecordedTrees recorded) throws SandboxException {
                    return whole.facts(recorded);
                }

                @Override
                public WindowsPlan plan(HostFacts facts) throws SandboxException {
                    WindowsPlan all = whole.plan(facts);
                    assertThat(all.edits()).as("there are labels to leave out").anyMatch(edit -> isLabel(edit));
                    assertThat(all.edits()).as("there are entries to leave out").anyMatch(edit -> isDeny(edit));
                    assertThat(all.fences()).contains(config, git);
                    WindowsPlan some = all.replacingEdits(all.edits().stream()
                            .filter(edit -> guards.contains(Guard.LABEL) || !isLabel(edit))
                            .filter(edit -> guards.contains(Guard.DENY) || !isDeny(edit))
                            .toList());
                    return guards.contains(Guard.FENCE) ? some : some.replacingFences(ImmutableList.of());
                }
            };
        }

        private boolean isLabel(Edit edit) {
            return edit instanceof Edit.SetLabel
                    && (edit.path().equals(config) || edit.path().equals(secret));
        }

        private boolean isDeny(Edit edit) {
            return edit instanceof Edit.AddAce add && !add.ace().kind().allows();
        }

        /** What a child gets that writes the file, deletes or renames it, does so to what it is in, reads the secret. */
        ImmutableList<Integer> attacked() throws WindowsFailure {
            try (OwnedHandle token = ConfinedToken.create(calls.tokens(), plan.token())) {
                calls.tokens().impersonate(token);
                try {
                    return ImmutableList.of(
                            open(config, FILE_WRITE_DATA, 0),
                            open(config, DELETE, 0),
                            open(git, DELETE, 0),
                            open(secret, FILE_READ_DATA, 0));
                } finally {
                    calls.tokens().revertToSelf();
                }
            }
        }

        /** Not only opened for it. */
        int deleted() throws WindowsFailure {
            try (OwnedHandle token = ConfinedToken.create(calls.tokens(), plan.token())) {
                calls.tokens().impersonate(token);
                try {
                    return open(config, DELETE, DELETE_ON_CLOSE);
                } finally {
                    calls.tokens().revertToSelf();
                }
            }
        }

        private int open(Path path, int access, int flags) {
            return calls.files().attempt(FileTree.extended(path), access, OPEN_EXISTING, AS_ITSELF | flags);
        }

        @Override
        public void close() throws SandboxException {
            fences.close();
            try (RegisterTransaction transaction = register.begin()) {
                directory.delete();
                transaction.removeLease(sandbox);
                assertThat(new Settlement(calls.files(), user)
                                .settle(transaction, layer -> false)
                                .left())
                        .isEmpty();
            }
        }
    }

    private ImmutableList<Integer> attackedWith(Guard... guards) throws Exception {
        try (Guarded guarded = new Guarded(ImmutableSet.copyOf(guards))) {
            return guarded.attacked();
        }
    }

    @Test
    void eachGuardHoldsAloneAgainstWhatItIsThereFor() throws Exception {
        label(config);
        ImmutableMap<Path, WindowsJvm.Security> before = WindowsJvm.securities(root);

        assertThat(attackedWith(Guard.LABEL)).containsExactly(DENIED, DONE, DONE, DENIED);
        assertThat(attackedWith(Guard.FENCE)).containsExactly(DONE, HELD, HELD, DONE);
        // DELETE of the file itself is what its label takes; these deny the directories' rights.
        assertThat(attackedWith(Guard.DENY)).containsExactly(DONE, DONE, DENIED, DONE);
        assertThat(attackedWith(Guard.LABEL, Guard.DENY))
                .as("without handles")
                .containsExactly(DENIED, DENIED, DENIED, DENIED);
        assertThat(attackedWith(Guard.values())).containsExactly(DENIED, DENIED, DENIED, DENIED);
        assertThat(attackedWith()).as("without any, all of it succeeds").containsExactly(DONE, DONE, DONE, DONE);

        assertThat(WindowsJvm.securities(root)).isEqualTo(before);
    }

    /** As almost every file is: without label, which is Medium. */
    @Test
    void theEntriesAloneKeepAFileThatNobodyHasLabelled() throws Exception {
        assertThat(attackedWith()).containsExactly(DENIED, DONE, DONE, DONE);
        assertThat(attackedWith(Guard.DENY)).containsExactly(DENIED, DENIED, DENIED, DONE);
    }

    @Test
    void whatMayBeOpenedForDeletingIsDeleted() throws Exception {
        label(config);
        for (ImmutableSet<Guard> guards :
                List.of(ImmutableSet.of(Guard.FENCE), ImmutableSet.of(Guard.LABEL, Guard.DENY))) {
            try (Guarded guarded = new Guarded(guards)) {
                assertThat(guarded.deleted()).as("%s", guards).isNotEqualTo(DONE);
            }
            assertThat(config).exists();
        }
        try (Guarded guarded = new Guarded(ImmutableSet.of(Guard.LABEL))) {
            assertThat(guarded.deleted()).isEqualTo(DONE);
        }
        assertThat(config).doesNotExist();
    }
}
