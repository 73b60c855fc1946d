package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.DescriptorArbitraries;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of what a journal holds. */
final class JournalArbitraries {
    private JournalArbitraries() {}

    /** Any sequence of UTF-16 units, surrogates without a partner and NUL among them. */
    static Arbitrary<String> paths() {
        Arbitrary<String> odd = Arbitraries.strings().all().ofMaxLength(12);
        Arbitrary<String> alike = Arbitraries.of(
                "C:\\work",
                "C:\\work\\src\\Main.java",
                "C:\\work\\src\\\ud800",
                "C:\\work\\src\\\udc00\ud800",
                "C:\\wörk");
        return Arbitraries.oneOf(alike, Combinators.combine(alike, odd).as((first, second) -> first + "\\" + second));
    }

    /** Paths that the host can have. */
    private static Arbitrary<Path> hostPaths() {
        return Arbitraries.of("work", "work/src", "wörk/日本").map(Path::of);
    }

    private static Arbitrary<UUID> ids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    private static Arbitrary<FileId> fileIds() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(FileId::new);
    }

    private static Arbitrary<Boolean> booleans() {
        return Arbitraries.of(true, false);
    }

    private static Arbitrary<MandatoryLabel> labels() {
        return Combinators.combine(Arbitraries.integers(), Arbitraries.integers())
                .as((level, policy) -> new MandatoryLabel(new IntegrityLevel(level), AccessMask.of(policy)));
    }

    /** Records that take their descriptors from a few. */
    private static Arbitrary<Function<List<SecurityDescriptor>, EditRecord>> records() {
        Arbitrary<Change> labels = DescriptorArbitraries.aces()
                .filter(LabelAce.class::isInstance)
                .map(ace -> new Change.Label((LabelAce) ace));
        Arbitrary<Change> entries = DescriptorArbitraries.aces()
                .filter(AccessAce.class::isInstance)
                .map(ace -> new Change.Entry((AccessAce) ace));
        Arbitrary<Change> changes = Arbitraries.oneOf(labels, entries, Arbitraries.just(new Change.Made()));
        return Combinators.combine(fileIds(), paths(), changes, choices())
                .as((object, path, change, choice) -> few -> new EditRecord(
                        object,
                        path,
                        change,
                        change instanceof Change.Made ? SecurityDescriptor.EMPTY : few.get(choice % few.size())));
    }

    private static Arbitrary<Place> places() {
        return Combinators.combine(paths(), fileIds().optional(), labels(), booleans(), booleans())
                .as(Place::new);
    }

    private static Arbitrary<Function<List<SecurityDescriptor>, ObjectFacts>> objects() {
        return Combinators.combine(
                        hostPaths(),
                        fileIds(),
                        choices(),
                        booleans().array(boolean[].class).ofSize(5))
                .as((path, id, choice, flags) -> few -> new ObjectFacts(
                        path, id, flags[0], flags[1], few.get(choice % few.size()), flags[2], flags[3], flags[4]));
    }

    private static Arbitrary<Integer> choices() {
        return Arbitraries.integers().between(0, 5);
    }

    private static <T> ImmutableList<T> all(
            List<Function<List<SecurityDescriptor>, T>> made, List<SecurityDescriptor> few) {
        return made.stream().map(maker -> maker.apply(few)).collect(ImmutableList.toImmutableList());
    }

    private static Arbitrary<Function<List<SecurityDescriptor>, Stamped>> trees() {
        return Combinators.combine(
                        paths(),
                        fileIds(),
                        Arbitraries.strings().ofMaxLength(20),
                        objects().list().ofMaxSize(3),
                        hostPaths().list().ofMaxSize(3),
                        booleans().array(boolean[].class).ofSize(3))
                .as((path, top, stamp, links, paths, flags) -> few -> new Stamped(
                        path,
                        top,
                        "shape of " + stamp,
                        stamp,
                        new TreeFacts(
                                Optional.empty(),
                                all(links, few),
                                ImmutableList.copyOf(paths),
                                flags[0],
                                flags[1],
                                flags[2])));
    }

    private static Arbitrary<LayerHeader> headers() {
        return Combinators.combine(
                        ids(),
                        Arbitraries.longs().between(1, LayerHeader.MAX_SEQUENCE),
                        Arbitraries.longs().map(Instant::ofEpochMilli),
                        Arbitraries.of(Lifetime.class),
                        Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                                .as(Owner::new),
                        ids().set().ofMaxSize(3),
                        places().list().ofMaxSize(3))
                .as((id, sequence, created, lifetime, owner, below, places) -> new LayerHeader(
                        id,
                        sequence,
                        created,
                        lifetime,
                        owner,
                        ImmutableSet.copyOf(below),
                        ImmutableList.copyOf(places)));
    }

    static Arbitrary<SampleJournal> journals() {
        return Combinators.combine(
                        headers(),
                        // A few for all, so that they are shared as in a real tree.
                        DescriptorArbitraries.descriptors().list().ofMinSize(1).ofMaxSize(3),
                        records().list().ofMinSize(1).ofMaxSize(4).list().ofMaxSize(4),
                        trees().list().ofMaxSize(2).optional())
                .as((header, few, batches, trees) -> new SampleJournal(
                        header,
                        batches.stream()
                                .<List<EditRecord>>map(batch -> all(batch, few))
                                .toList(),
                        trees.map(made -> all(made, few))));
    }

    static Arbitrary<Lease> leases() {
        return Combinators.combine(
                        ids(),
                        Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                                .as(Owner::new),
                        Arbitraries.strings().all().ofMaxLength(10),
                        Arbitraries.longs().map(Instant::ofEpochMilli),
                        ids().set().ofMaxSize(4))
                .as((id, owner, directory, since, layers) ->
                        new Lease(id, owner, directory, since, ImmutableSet.copyOf(layers)));
    }
}
