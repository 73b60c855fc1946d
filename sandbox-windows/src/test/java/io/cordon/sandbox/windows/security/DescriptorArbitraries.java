package io.cordon.sandbox.windows.security;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of well-formed values, odd ones included. */
public final class DescriptorArbitraries {
    private static final int[] OPAQUE_TYPES = {0x03, 0x05, 0x06, 0x0B, 0x12, 0x13, 0x14, 0x15, 0x7F, 0xFF};

    private DescriptorArbitraries() {}

    static Arbitrary<Sid> sids() {
        Arbitrary<Sid> wellKnown = Arbitraries.of(List.copyOf(SddlTokens.SIDS.values()));
        Arbitrary<Sid> any = Combinators.combine(
                        Arbitraries.longs().between(0, 0xFFFF_FFFF_FFFFL),
                        Arbitraries.longs()
                                .between(0, 0xFFFF_FFFFL)
                                .array(long[].class)
                                .ofMaxSize(15))
                .as(Sid::of);
        return Arbitraries.oneOf(wellKnown, any);
    }

    static Arbitrary<AccessMask> masks() {
        return Arbitraries.oneOf(
                        Arbitraries.integers(),
                        Arbitraries.of(SddlTokens.RIGHTS.values()).map(Integer::intValue))
                .map(AccessMask::of);
    }

    private static Arbitrary<ByteString> words(int max) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(max)
                .map(bytes -> ByteString.copyOf(bytes, 0, bytes.length / 4 * 4));
    }

    private static Arbitrary<AceFlags> flags(int mask) {
        return Arbitraries.integers().between(0, 0xFF).map(bits -> new AceFlags(bits & mask));
    }

    private static Arbitrary<IntegrityLevel> levels() {
        return Arbitraries.oneOf(Arbitraries.of(0, 0x1000, 0x1800, 0x2000, 0x3000), Arbitraries.integers())
                .map(IntegrityLevel::new);
    }

    static Arbitrary<Ace> expressibleDaclAces() {
        return Combinators.combine(Arbitraries.of(true, false), flags(0x1F), masks(), sids())
                .as((allow, flags, mask, sid) ->
                        allow ? AccessAce.allow(flags, mask, sid) : AccessAce.deny(flags, mask, sid));
    }

    static Arbitrary<Ace> expressibleSaclAces() {
        return Arbitraries.oneOf(
                Combinators.combine(flags(0xDF), masks(), sids())
                        .as((flags, mask, sid) ->
                                new AccessAce(AccessAce.Kind.AUDIT, flags, mask, sid, ByteString.EMPTY)),
                Combinators.combine(flags(0x1F), masks(), levels()).as(LabelAce::new));
    }

    public static Arbitrary<Ace> aces() {
        Arbitrary<Ace> access = Combinators.combine(
                        Arbitraries.of(AccessAce.Kind.class), flags(0xFF), masks(), sids(), words(40))
                .as(AccessAce::new);
        Arbitrary<Ace> opaque = Combinators.combine(
                        Arbitraries.integers().between(0, OPAQUE_TYPES.length - 1), flags(0xFF), words(60))
                .as((type, flags, body) -> new OpaqueAce(OPAQUE_TYPES[type], flags, body));
        return Arbitraries.oneOf(
                access,
                opaque,
                Combinators.combine(flags(0xFF), masks(), levels()).as(LabelAce::new));
    }

    private static Arbitrary<SecurityDescriptor> descriptors(
            Arbitrary<Ace> daclAces,
            Arbitrary<Ace> saclAces,
            Arbitrary<Integer> revisions,
            Arbitrary<Integer> controls,
            Arbitrary<Integer> rmControls) {
        Arbitrary<Acl> dacls = Combinators.combine(revisions, daclAces.list().ofMaxSize(6))
                .as((revision, aces) -> Acl.of(aces).withRevision(revision));
        Arbitrary<Acl> sacls = Combinators.combine(revisions, saclAces.list().ofMaxSize(4))
                .as((revision, aces) -> Acl.of(aces).withRevision(revision));
        return Combinators.combine(
                        controls,
                        rmControls,
                        sids().injectNull(0.2),
                        sids().injectNull(0.2),
                        sacls.injectNull(0.3),
                        dacls.injectNull(0.2))
                .as((control, rmControl, owner, group, sacl, dacl) -> new SecurityDescriptor(
                        rmControl,
                        control
                                | (sacl == null ? 0 : SecurityDescriptor.SACL_PRESENT)
                                | (dacl == null ? 0 : SecurityDescriptor.DACL_PRESENT),
                        owner,
                        group,
                        sacl,
                        dacl));
    }

    /** Everything that the binary form can hold. */
    public static Arbitrary<SecurityDescriptor> descriptors() {
        return descriptors(
                aces(),
                aces(),
                Arbitraries.integers().between(2, 4),
                Arbitraries.integers().between(0, 0x7FFF),
                Arbitraries.integers().between(0, 0xFF));
    }

    /** Everything that SDDL can express. */
    static Arbitrary<SecurityDescriptor> expressible() {
        return descriptors(
                        expressibleDaclAces(),
                        expressibleSaclAces(),
                        Arbitraries.just(2),
                        Arbitraries.integers().between(0, 0x7FFF).map(bits -> bits & 0x3F14),
                        Arbitraries.just(0))
                .map(descriptor -> {
                    int unused = (descriptor.has(SecurityDescriptor.DACL_PRESENT) ? 0 : 0x1500)
                            | (descriptor.has(SecurityDescriptor.SACL_PRESENT) ? 0 : 0x2A00);
                    return descriptor.withControl(0, unused);
                });
    }
}
