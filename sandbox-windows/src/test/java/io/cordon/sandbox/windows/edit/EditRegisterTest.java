package io.cordon.sandbox.windows.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EditRegisterTest {
    private static final Owner LIVE = new Owner(1, 1);
    private static final Owner DEAD = new Owner(2, 2);
    private static final FileId TOP = new FileId(1, 77);

    @TempDir
    Path home;

    private final List<String> steps = new ArrayList<>();
    private final Set<Owner> alive = new HashSet<>(Set.of(LIVE));

    private RegisterTransaction begin() throws SandboxException {
        return new EditRegister(home, alive::contains, steps::add, Duration.ofSeconds(20)).begin();
    }

    private Path directory() {
        return home.resolve("journal");
    }

    private static UUID complete(RegisterTransaction transaction, Lifetime lifetime, UUID... below)
            throws SandboxException {
        return layer(transaction, lifetime, "C:\\work", List.of(), below);
    }

    private static UUID layer(
            RegisterTransaction transaction, Lifetime lifetime, String path, List<Stamped> trees, UUID... below)
            throws SandboxException {
        try (JournalWriter writer =
                transaction.newLayer(lifetime, Arrays.asList(below), List.of(Samples.place(path)))) {
            writer.append(List.of(Samples.label(1, path)));
            writer.complete(trees);
            return writer.id();
        }
    }

    private static UUID unfinished(RegisterTransaction transaction, Lifetime lifetime) throws SandboxException {
        try (JournalWriter writer =
                transaction.newLayer(lifetime, List.of(), List.of(Samples.place("C:\\unfinished")))) {
            writer.append(List.of(Samples.label(1, "C:\\unfinished")));
            return writer.id();
        }
    }

    private static UUID lease(RegisterTransaction transaction, Owner owner, UUID... layers) throws SandboxException {
        UUID sandbox = UUID.randomUUID();
        transaction.write(new Lease(sandbox, owner, "private", Instant.now(), ImmutableSet.copyOf(layers)));
        return sandbox;
    }

    private static List<UUID> ids(List<Layer> layers) {
        return layers.stream().map(Layer::id).toList();
    }

    @Test
    void anEmptyRegisterMakesItsDirectory() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            assertThat(transaction.layers()).isEmpty();
            assertThat(transaction.leases()).isEmpty();
            assertThat(transaction.unneeded(dropped -> false)).isEmpty();
            assertThat(transaction.recorded(TOP, Samples.SHAPE)).isEmpty();
        }
        assertThat(directory()).isDirectory();
    }

    @Test
    void aLayerIsUnfinishedUntilItIsComplete() throws SandboxException {
        try (RegisterTransaction transaction = begin();
                JournalWriter writer =
                        transaction.newLayer(Lifetime.SESSION, List.of(), List.of(Samples.place("C:\\work")))) {
            assertThat(transaction.layers()).singleElement().matches(layer -> !layer.isComplete());
            writer.append(List.of(Samples.label(1, "C:\\work")));
            assertThat(transaction.layers()).singleElement().matches(layer -> !layer.isComplete());
            writer.complete(List.of());
            assertThat(transaction.layers()).singleElement().matches(Layer::isComplete);
        }
    }

    @Test
    void layersAreNumberedInTheirOrder() throws SandboxException {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (RegisterTransaction transaction = begin()) {
                made.add(complete(transaction, Lifetime.SESSION));
                made.add(complete(transaction, Lifetime.SESSION));
            }
        }
        try (RegisterTransaction transaction = begin()) {
            assertThat(ids(transaction.layers())).isEqualTo(made);
            assertThat(transaction.layers())
                    .extracting(layer -> layer.header().sequence())
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(ids(transaction.unneeded(dropped -> false)))
                    .isEqualTo(ImmutableList.copyOf(made).reverse());
        }
    }

    @Test
    void aLayerStaysWhileALiveLeaseNeedsItOrALayerAboveIt() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            // given
            UUID bottom = complete(transaction, Lifetime.SESSION);
            UUID alone = complete(transaction, Lifetime.SESSION);
            UUID top = complete(transaction, Lifetime.SESSION, bottom, UUID.randomUUID());
            UUID dying = complete(transaction, Lifetime.SESSION, bottom);
            UUID live = lease(transaction, LIVE, top);
            UUID dead = lease(transaction, DEAD, dying, alone);

            // then
            assertThat(transaction.deadLeases()).extracting(Lease::sandbox).containsExactly(dead);
            assertThat(ids(transaction.needed())).containsExactly(bottom, top);
            assertThat(ids(transaction.unneeded(dropped -> false))).containsExactly(dying, alone);

            // when
            transaction.removeLease(live);

            // then
            assertThat(transaction.leases()).extracting(Lease::sandbox).containsExactly(dead);
            assertThat(transaction.needed()).isEmpty();
            assertThat(ids(transaction.unneeded(dropped -> false))).containsExactly(dying, top, alone, bottom);
        }
    }

    @Test
    void aCompletePersistentLayerStaysAndWhatItLiesOn() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            UUID bottom = complete(transaction, Lifetime.SESSION);
            UUID persistent = complete(transaction, Lifetime.PERSISTENT, bottom);
            UUID cut = unfinished(transaction, Lifetime.PERSISTENT);
            UUID dead = lease(transaction, DEAD, cut);
            assertThat(ids(transaction.needed())).containsExactly(bottom, persistent);
            assertThat(ids(transaction.unneeded(dropped -> false))).containsExactly(cut);

            // an unfinished one that a live sandbox is making is not touched
            transaction.removeLease(dead);
            lease(transaction, LIVE, cut);
            assertThat(transaction.unneeded(dropped -> false)).isEmpty();
        }
    }

    @Test
    void aLeaseIsReplacedAsAWhole() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            UUID layer = UUID.randomUUID();
            UUID sandbox = lease(transaction, LIVE, layer);
            Lease other = new Lease(sandbox, DEAD, "other", Instant.now(), ImmutableSet.of());
            assertThat(transaction.leases()).singleElement().isNotEqualTo(other);

            transaction.write(other);

            assertThat(transaction.leases()).containsExactly(other);
        }
    }

    @Test
    void whatWasFoundIsToldByTheYoungestCompleteLayer() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            Stamped older = Samples.stamped(TOP, "older");
            Stamped younger = Samples.stamped(TOP, "younger");
            layer(transaction, Lifetime.SESSION, "C:\\work", List.of(older));
            layer(transaction, Lifetime.SESSION, "C:\\work", List.of(younger));
            layer(transaction, Lifetime.SESSION, "C:\\x", List.of(Samples.stamped(new FileId(1, 78), "another tree")));
            unfinished(transaction, Lifetime.SESSION);

            assertThat(transaction.recorded(TOP, Samples.SHAPE)).contains(younger.found());
            assertThat(younger.found().stamp()).contains("younger");

            transaction.delete(transaction.layers().get(1));
            assertThat(transaction.recorded(TOP, Samples.SHAPE)).contains(older.found());
        }
    }

    @Test
    void layersOverlapAboveBeneathAndWhateverTheCase() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            UUID layer = layer(transaction, Lifetime.SESSION, "C:\\Work\\Proj", List.of());
            for (String path : List.of(
                    "C:\\Work\\Proj",
                    "c:\\wORK\\pROJ\\",
                    "C:/Work/Proj/src",
                    "C:\\work",
                    "C:\\",
                    "C:\\WORK\\PROJ\\a\\b")) {
                assertThat(ids(transaction.overlapping(List.of(Path.of("elsewhere"), Path.of(path)))))
                        .as(path)
                        .containsExactly(layer);
            }
            for (String path : List.of("C:\\Work\\Proj2", "C:\\Work\\Pro", "C:\\Work2", "D:\\Work\\Proj", "Proj")) {
                assertThat(transaction.overlapping(List.of(Path.of(path))))
                        .as(path)
                        .isEmpty();
            }
            assertThat(transaction.overlapping(List.of())).isEmpty();
        }
    }

    @Test
    void aDamagedLayerGoesToQuarantineAndIsNeverSeen() throws IOException {
        // given
        UUID whole;
        Path damaged;
        try (RegisterTransaction transaction = begin()) {
            complete(transaction, Lifetime.PERSISTENT);
            whole = complete(transaction, Lifetime.SESSION);
            damaged = transaction.layers().get(0).file();
        }
        flip(damaged, 40);
        Files.writeString(directory().resolve("foreign.layer"), "not mine");
        Path renamed = directory().resolve("0000000009-" + UUID.randomUUID() + ".layer");
        Files.copy(directory().resolve("0000000002-" + whole + ".layer"), renamed);

        // when
        try (RegisterTransaction transaction = begin()) {
            // then
            assertThat(ids(transaction.layers())).containsExactly(whole);
            assertThat(transaction.quarantined())
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder(
                            damaged.getFileName().toString(),
                            "foreign.layer",
                            renamed.getFileName().toString());
        }
        assertThat(damaged).doesNotExist();
        assertThat(directory().resolve("quarantine").resolve(damaged.getFileName() + ".reason.txt"))
                .content()
                .contains("at byte 32: the first block is damaged or cut");
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void damageAmongTheEditsIsFoundBeforeAnythingIsUndone() throws IOException {
        try (RegisterTransaction transaction = begin()) {
            complete(transaction, Lifetime.SESSION);
            Layer layer = transaction.layers().get(0);
            try (JournalReader reader = transaction.open(layer)) {
                assertThat(reader.previous()).hasSize(1);
            }
            flip(layer.file(), (int) SampleJournal.firstRecord(layer.file()));
            assertThat(transaction.layers()).containsExactly(layer);

            assertThatThrownBy(() -> transaction.open(layer)).isInstanceOf(JournalFormatException.class);

            assertThat(transaction.layers()).isEmpty();
            assertThat(transaction.quarantined()).hasSize(1);
        }
    }

    @Test
    void aSecondDamagedFileOfTheSameNameIsKeptToo() throws IOException {
        for (int i = 1; i <= 2; i++) {
            Files.createDirectories(directory());
            Files.writeString(directory().resolve("foreign.layer"), "number " + i);
            try (RegisterTransaction transaction = begin()) {
                assertThat(transaction.quarantined()).hasSize(i);
            }
        }
    }

    @Test
    void aDamagedLeaseCountsAsDead() throws IOException {
        // given
        UUID layer;
        UUID sandbox;
        try (RegisterTransaction transaction = begin()) {
            layer = complete(transaction, Lifetime.SESSION);
            sandbox = lease(transaction, LIVE, layer);
            assertThat(transaction.unneeded(dropped -> false)).isEmpty();
        }
        flip(directory().resolve(sandbox + ".lease"), 60);

        // when
        try (RegisterTransaction transaction = begin()) {
            // then
            assertThat(transaction.leases()).isEmpty();
            assertThat(ids(transaction.unneeded(dropped -> false))).containsExactly(layer);
            assertThat(transaction.quarantined()).hasSize(1);
        }
    }

    @Test
    void filesThatWereBeingMadeAreDeletedAndOthersAreLeftAlone() throws IOException {
        Files.createDirectories(directory());
        Files.writeString(directory().resolve("0000000001-x.layer.tmp"), "half");
        Files.writeString(directory().resolve("notes.txt"), "of somebody");

        begin().close();

        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("lock", "notes.txt");
        }
    }

    @Test
    void theStepsOfTheRegisterAreToldInTheirOrder() throws SandboxException {
        try (RegisterTransaction transaction = begin()) {
            UUID sandbox = lease(transaction, LIVE);
            complete(transaction, Lifetime.SESSION);
            steps.removeIf(step -> step.startsWith("block") || step.startsWith("complete"));
            transaction.removeLease(sandbox);
            transaction.delete(transaction.layers().get(0));
            assertThat(transaction.layers()).isEmpty();
            complete(transaction, Lifetime.SESSION);
            steps.removeIf(step -> step.startsWith("block") || step.startsWith("complete"));
            transaction.quarantine(transaction.layers().get(0), "a test");
        }
        assertThat(steps)
                .containsExactly(
                        "lease.create",
                        "lease.written",
                        "lease.created",
                        "layer.create",
                        "layer.written",
                        "layer.created",
                        "lease.remove",
                        "lease.removed",
                        "layer.delete",
                        "layer.deleted",
                        "layer.create",
                        "layer.written",
                        "layer.created",
                        "quarantine.move",
                        "quarantine.moved");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(directory(), "a file where the directory should be");

        SandboxException failure = catchThrowableOfType(SandboxException.class, this::begin);

        assertThat(failure).isNotNull();
        assertThat(failure.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        assertThat(failure).hasMessageContainingAll(directory().toString(), "give this user full access");
    }

    @Test
    void aLeaseThatCannotBeWrittenIsNamedAndNotThere() throws IOException {
        UUID sandbox = UUID.randomUUID();
        try (RegisterTransaction transaction = begin()) {
            Path inTheWay = Files.createDirectories(directory().resolve(sandbox + ".lease/in the way"));

            SandboxException failure = catchThrowableOfType(
                    SandboxException.class,
                    () -> transaction.write(new Lease(sandbox, LIVE, "p", Instant.now(), ImmutableSet.of())));

            assertThat(failure).isNotNull().hasMessageContaining(sandbox + ".lease");
            assertThat(inTheWay).exists();
            assertThat(transaction.leases()).isEmpty();
            assertThat(directory().resolve(sandbox + ".lease.tmp")).doesNotExist();
        }
    }
}
