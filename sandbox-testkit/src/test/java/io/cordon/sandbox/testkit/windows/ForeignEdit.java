package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What somebody else does to a descriptor while a sandbox is open. */
record ForeignEdit(int object, int kind, int entry) {
    static Arbitrary<List<ForeignEdit>> lists() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 5))
                .as(ForeignEdit::new)
                .list()
                .ofMaxSize(6);
    }

    /** Makes the edits on the volume, and the same ones on a copy from before the sandbox was opened. */
    static void make(List<ForeignEdit> edits, VirtualVolume before, VirtualVolume now) {
        List<Long> ids = before.paths().values().asList();
        for (ForeignEdit edit : edits) {
            long id = Scenario.pick(ids, edit.object());
            SecurityDescriptor original = before.object(id).descriptor();
            UnaryOperator<SecurityDescriptor> change = edit.change(original);
            before.setDescriptor(id, change.apply(original));
            now.setDescriptor(id, change.apply(now.object(id).descriptor()));
        }
    }

    /** An edit that means the same on the original and on the changed descriptor: by entry, not by position. */
    private UnaryOperator<SecurityDescriptor> change(SecurityDescriptor original) {
        AccessAce added = AccessAce.allow(AccessMask.of(1 << entry), WellKnownSids.ADMINISTRATORS);
        Acl dacl = original.dacl();
        if (kind == 3) {
            return now -> now.withOwner(WellKnownSids.ADMINISTRATORS);
        }
        if (kind == 4) {
            return now -> now.withControl(SecurityDescriptor.DACL_PROTECTED, 0);
        }
        if (dacl == null) {
            // There is no entry to edit, and one that somebody adds to the list that stands for the missing one is
            // another case.
            return now -> now;
        }
        return switch (kind) {
            case 0 -> now -> withDacl(now, aces -> aces.add(added));
            case 1 -> now -> withDacl(now, aces -> aces.add(0, added));
            default ->
                dacl.aces().isEmpty()
                        ? now -> now
                        : now -> withDacl(now, aces -> aces.remove(Scenario.pick(dacl.aces(), entry)));
        };
    }

    private static SecurityDescriptor withDacl(SecurityDescriptor now, Consumer<List<Ace>> change) {
        Acl dacl = Objects.requireNonNull(now.dacl());
        List<Ace> aces = new ArrayList<>(dacl.aces());
        change.accept(aces);
        return now.withDacl(dacl.withAces(aces));
    }
}
