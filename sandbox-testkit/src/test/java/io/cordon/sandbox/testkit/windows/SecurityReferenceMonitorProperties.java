package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedMaximum;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every token and descriptor. */
final class SecurityReferenceMonitorProperties {
    private static final Sid USER = Sid.parse("S-1-5-21-1-2-3-1000");
    private static final Sid MARK = Sid.parse("S-1-5-21-9-9-9-1");
    private static final List<Sid> SIDS = List.of(
            USER,
            MARK,
            WellKnownSids.EVERYONE,
            WellKnownSids.USERS,
            WellKnownSids.OWNER_RIGHTS,
            Sid.parse("S-1-5-21-1-2-3-1001"));

    @Provide
    Arbitrary<SecurityDescriptor> descriptors() {
        Arbitrary<Ace> aces = Combinators.combine(
                        Arbitraries.of(AccessAce.Kind.ALLOW, AccessAce.Kind.ALLOW, AccessAce.Kind.DENY),
                        Arbitraries.of(AceFlags.NONE, AceFlags.INHERIT, new AceFlags(0x0B)),
                        Arbitraries.of(0x1F01FF, 0x1, 0x2, 0x42, 0x50000, 0x1301BF, 0x80000000, 0x10000000),
                        Arbitraries.of(SIDS))
                .as((kind, flags, mask, sid) -> kind == AccessAce.Kind.ALLOW
                        ? AccessAce.allow(flags, AccessMask.of(mask), sid)
                        : AccessAce.deny(flags, AccessMask.of(mask), sid));
        Arbitrary<LabelAce> labels = Combinators.combine(
                        Arbitraries.of(0, 0x1000, 0x1800, 0x2000, 0x3000),
                        Arbitraries.integers().between(0, 7))
                .as((rid, policy) -> new LabelAce(AceFlags.NONE, AccessMask.of(policy), new IntegrityLevel(rid)));
        return Combinators.combine(
                        Arbitraries.of(SIDS),
                        aces.list().ofMaxSize(5).map(Acl::of).injectNull(0.1),
                        labels.injectNull(0.5))
                .as((owner, dacl, label) -> {
                    SecurityDescriptor object =
                            SecurityDescriptor.EMPTY.withOwner(owner).withDacl(dacl);
                    return label == null ? object : object.withSacl(Acl.of(label));
                });
    }

    @Provide
    Arbitrary<VirtualToken> tokens() {
        Arbitrary<VirtualToken> plain = Combinators.combine(
                        Arbitraries.subsetOf(SIDS),
                        Arbitraries.subsetOf(Privilege.values()),
                        Arbitraries.of(0, 0x1000, 0x1800, 0x2000, 0x3000))
                .as((groups, privileges, rid) -> VirtualToken.of(USER, groups, privileges.toArray(Privilege[]::new))
                        .atLevel(new IntegrityLevel(rid)));
        return Combinators.combine(
                        plain,
                        Arbitraries.subsetOf(SIDS).injectNull(0.5),
                        Arbitraries.of(true, false),
                        Arbitraries.subsetOf(SIDS))
                .as((token, list, writes, denyOnly) -> {
                    VirtualToken filtered = token.filtered(denyOnly);
                    return list == null ? filtered : filtered.restrictedTo(ImmutableSet.copyOf(list), writes);
                });
    }

    @Provide
    Arbitrary<MonitorSwitches> switches() {
        return Arbitraries.of(MonitorSwitches.all());
    }

    @Property
    void theMaximumIsTheUnionOfAllSingleRightsThatAreGranted(
            @ForAll("tokens") VirtualToken token,
            @ForAll("descriptors") SecurityDescriptor object,
            @ForAll("switches") MonitorSwitches switches) {
        SecurityReferenceMonitor monitor = new SecurityReferenceMonitor(switches);
        int union = 0;
        for (int bit = 0; bit < 25; bit++) {
            AccessMask right = AccessMask.of(1 << bit);
            boolean known = bit == 24 || AccessMask.FILE_ALL_ACCESS.contains(right);
            union |= known && monitor.allows(token, object, right) ? right.bits() : 0;
        }
        int maximum = monitor.check(token, object, AccessMask.MAXIMUM_ALLOWED)
                .granted()
                .bits();

        // ReactOS' union of the passes is the one setting that breaks the per-bit rule of MS-FSA; it never gives less.
        if (switches.restrictedMaximum() == RestrictedMaximum.UNION) {
            assertThat(maximum & union).isEqualTo(union);
        } else {
            assertThat(maximum).isEqualTo(union);
        }
    }

    @Property
    void explainingAndCheckingAgree(
            @ForAll("tokens") VirtualToken token, @ForAll("descriptors") SecurityDescriptor object, @ForAll int mask) {
        SecurityReferenceMonitor monitor = new SecurityReferenceMonitor(MonitorSwitches.DEFAULT);
        AccessDecision checked = monitor.check(token, object, AccessMask.of(mask));
        AccessDecision explained = monitor.explain(token, object, AccessMask.of(mask));

        assertThat(explained.status()).isEqualTo(checked.status());
        assertThat(explained.granted()).isEqualTo(checked.granted());
    }

    /**
     * Not so for a token that is restricted already: the lists are intersected, and with a SID the denies that name it
     * are gone.
     */
    @Property
    void restrictingAnUnrestrictedTokenAndLoweringItNeverGrantsMore(
            @ForAll("tokens") VirtualToken any,
            @ForAll("descriptors") SecurityDescriptor object,
            @ForAll boolean writesOnly) {
        SecurityReferenceMonitor monitor = new SecurityReferenceMonitor(MonitorSwitches.DEFAULT);
        VirtualToken token = VirtualToken.of(
                        any.user(), any.groups(), any.privileges().toArray(Privilege[]::new))
                .atLevel(any.level());
        VirtualToken confined = token.unprivileged()
                .filtered(any.denyOnly())
                .restrictedTo(ImmutableSet.of(MARK, WellKnownSids.EVERYONE), writesOnly)
                .atLevel(IntegrityLevel.UNTRUSTED);

        assertThat(monitor.check(token, object, AccessMask.MAXIMUM_ALLOWED)
                        .granted()
                        .contains(monitor.check(confined, object, AccessMask.MAXIMUM_ALLOWED)
                                .granted()))
                .isTrue();
    }
}
