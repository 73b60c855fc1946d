package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.Fences;
import io.cordon.sandbox.windows.edit.Layer;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.edit.Settlement;
import io.cordon.sandbox.windows.edit.StepListener;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The backend's own editor over a model host: a process of the host's user that opens and closes sandboxes. The journal
 * is in a real directory.
 */
final class EditorRig {
    /** A sandbox of this process. */
    @SuppressWarnings("NullAway.Init") // opened and fences are set by open
    final class Sandbox {
        final Lease lease;
        final VirtualHost host;
        final SandboxPolicy policy;
        final PlanOptions options;
        private PlanOpening.@Nullable Opened opened;
        private @Nullable Fences fences;

        /** What others do after the plan is made and before the first edit. */
        Runnable betweenFactsAndEdits = () -> {};

        private Sandbox(String name, SandboxPolicy policy, PlanOptions options) {
            this.lease = new Lease(UUID.randomUUID(), Owner.current(), name, Instant.now(), ImmutableSet.of());
            this.host = EditorRig.this.host.another("/me/cordon/" + name);
            this.policy = policy;
            this.options = options;
        }

        /** Makes the edits and holds the fences. After a failure it has to be closed all the same. */
        Sandbox open(Lifetime lifetime, EditProgress progress) throws SandboxException {
            try (RegisterTransaction transaction = register.begin()) {
                opened = new PlanOpening(transaction, calls.files(), host.user().user(), progress, batchSize)
                        .open(planner(), lease, lifetime);
            }
            fences = Fences.hold(calls.files(), plan().fences());
            return this;
        }

        Sandbox open() throws SandboxException {
            return open(Lifetime.SESSION, EditProgress.NONE);
        }

        PlanOpening.Opened opened() {
            return Objects.requireNonNull(opened);
        }

        Fences fences() {
            return Objects.requireNonNull(fences);
        }

        WindowsPlan plan() {
            return opened().plan();
        }

        /** Lets go of everything, as the backend does when a sandbox is closed. */
        CleanUpReport close() throws SandboxException {
            if (fences != null) {
                fences.close();
            }
            try (RegisterTransaction transaction = register.begin()) {
                transaction.removeLease(lease.sandbox());
                return settle(transaction, layer -> false);
            }
        }

        private PlanOpening.Planner planner() {
            return new PlanOpening.Planner() {
                @Override
                public PlanOpening.Seen facts(RecordedTrees recorded) throws SandboxException {
                    String shape = policy + "\n" + options;
                    host.stamps().clear();
                    for (long id : ImmutableSet.copyOf(host.volume().paths().values())) {
                        FileId object = new FileId(VolumeFileCalls.SERIAL, id);
                        if (recorded.isOpened(object)) {
                            host.stamps().put(id, "for other rules");
                        }
                        recorded.facts(object, shape)
                                .flatMap(tree -> tree.stamp())
                                .ifPresent(stamp -> host.stamps().put(id, stamp));
                    }
                    return new PlanOpening.Seen(host.facts(policy, options), shape);
                }

                @Override
                public WindowsPlan plan(HostFacts facts) throws SandboxException {
                    if (WindowsPlanner.plan(policy, facts, options) instanceof PlanResult.Planned planned) {
                        betweenFactsAndEdits.run();
                        return planned.plan();
                    }
                    throw new SandboxException(SandboxErrorCode.POLICY_UNENFORCEABLE, "refused by the planner");
                }
            };
        }
    }

    final VirtualHost host;
    final VolumeCalls calls;
    final Path home;
    final EditRegister register;

    /** How many changes are recorded together: so few that small trees take several batches. */
    int batchSize = 3;

    EditorRig(VirtualHost host, Path home) {
        this(host, home, Owners.SYSTEM, StepListener.NONE);
    }

    EditorRig(VirtualHost host, Path home, Owners owners, StepListener steps) {
        this.host = host;
        this.calls = new VolumeCalls(host);
        this.home = home;
        this.register = new EditRegister(home, owners, steps, Duration.ofSeconds(20));
    }

    /** Another process of the user, after this one has ended. */
    EditorRig afterwards() {
        calls.endProcess();
        return new EditorRig(host, home, owner -> false, StepListener.NONE);
    }

    Sandbox sandbox(String name, SandboxPolicy policy, PlanOptions options) {
        return new Sandbox(name, policy, options);
    }

    /** Undoes what processes left behind that have ended, as the backend does before it opens a sandbox. */
    CleanUpReport recover() throws SandboxException {
        return cleanUp(layer -> false);
    }

    /** The same, and undoes persistent layers. */
    CleanUpReport cleanUp(Predicate<Layer> dropped) throws SandboxException {
        try (RegisterTransaction transaction = register.begin()) {
            for (Lease dead : transaction.deadLeases()) {
                transaction.removeLease(dead.sandbox());
            }
            return settle(transaction, dropped);
        }
    }

    private CleanUpReport settle(RegisterTransaction transaction, Predicate<Layer> dropped) throws SandboxException {
        return new Settlement(calls.files(), host.user().user()).settle(transaction, dropped);
    }

    /** What is in the journal's directory, apart from its lock. */
    List<String> journal() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("journal"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("lock"))
                    .sorted()
                    .toList();
        }
    }

    /** Everything on the volume, each descriptor in binary form. */
    static String image(VirtualVolume volume) {
        StringBuilder text = new StringBuilder();
        volume.walk((path, object) -> text.append(path)
                .append(" #")
                .append(object.id())
                .append(' ')
                .append(object.fingerprint())
                .append(' ')
                .append(HexFormat.of().formatHex(SecurityDescriptorCodec.encode(object.descriptor())))
                .append(' ')
                .append(object.descriptor())
                .append('\n'));
        return text.toString();
    }
}
