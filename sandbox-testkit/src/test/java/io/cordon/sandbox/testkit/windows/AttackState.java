package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What of a volume's state can make a difference to {@link AttackSearch}: two volumes with the same one let the child do
 * the same, step by step, and fail the same checks.
 *
 * <p>Names, identities, kinds and contents count. Of a descriptor that gives the child no right to change anything only
 * that counts: nothing the child does can alter it, and no operation looks at the other rights. Of another one owner,
 * group, control and SACL count as they are, and of its DACL the rights that it gives the child (each right is decided
 * by the first entry that names it, so that rights decide every request), whether it is already the one that the search
 * would set, and the entries that a directory passes on. {@code SmallUniverseTest} compares the searches themselves.
 */
final class AttackState {
    /** Takes nothing from anyone, so that what the DACL gives shows. */
    static final Acl NO_LABEL =
            Acl.of(new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, IntegrityLevel.UNTRUSTED));

    private static final AccessMask CHANGING =
            GenericMapping.FILE.writeRestricted().or(AccessMask.FILE_DELETE_CHILD);

    /** Numbers of what counts of descriptors, for all searches of a test. Safe for use by several threads. */
    static final class Numbers {
        private final Map<Object, Integer> numbers = new ConcurrentHashMap<>();

        private int of(Object view) {
            return numbers.computeIfAbsent(view, each -> numbers.size());
        }
    }

    /** What counts of a descriptor; {@code descriptor} is one without DACL. */
    private record View(SecurityDescriptor descriptor, boolean full, AccessMask rights, ImmutableList<Ace> passedOn) {}

    private record Descriptor(SecurityDescriptor descriptor, boolean directory) {}

    private static final String UNCHANGEABLE = "unchangeable";

    private final VirtualToken child;
    private final Numbers numbers;
    private final Map<Descriptor, Integer> known = new HashMap<>();

    AttackState(VirtualToken child, Numbers numbers) {
        this.child = child;
        this.numbers = numbers;
    }

    /** As a hash of 128 bits, because there are too many states to keep. */
    HashCode of(VirtualVolume volume) {
        Hasher hash = Hashing.murmur3_128().newHasher();
        volume.walk((path, object) -> hash.putUnencodedChars(path)
                .putLong(object.id())
                .putUnencodedChars(object.content())
                .putUnencodedChars("\n" + object.reparseTarget() + "\n")
                .putBoolean(object.attributes > 0)
                .putInt(number(volume, object)));
        return hash.hash();
    }

    private int number(VirtualVolume volume, VirtualObject object) {
        return known.computeIfAbsent(
                new Descriptor(object.descriptor(), object.isDirectory()),
                each -> numbers.of(ImmutableList.of(each.directory, view(volume.monitor(), each))));
    }

    private Object view(SecurityReferenceMonitor monitor, Descriptor of) {
        SecurityDescriptor descriptor = of.descriptor;
        if (!rights(monitor, descriptor).intersects(CHANGING)) {
            return UNCHANGEABLE;
        }
        return new View(
                descriptor.withDacl(Acl.of()),
                AttackSearch.FULL.equals(descriptor.dacl()),
                rights(monitor, descriptor.withSacl(NO_LABEL)),
                of.directory ? passedOn(descriptor) : ImmutableList.of());
    }

    private AccessMask rights(SecurityReferenceMonitor monitor, SecurityDescriptor descriptor) {
        return monitor.check(child, descriptor, AccessMask.MAXIMUM_ALLOWED).granted();
    }

    private static ImmutableList<Ace> passedOn(SecurityDescriptor descriptor) {
        Acl dacl = descriptor.dacl();
        return dacl == null
                ? ImmutableList.of()
                : dacl.aces().stream()
                        .filter(ace -> ace.flags().has(AceFlags.OBJECT_INHERIT)
                                || ace.flags().has(AceFlags.CONTAINER_INHERIT))
                        .collect(ImmutableList.toImmutableList());
    }
}
