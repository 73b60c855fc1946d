package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The files of the register, for whoever has the lock. What cannot be decoded is moved to quarantine. */
final class RegisterFiles {
    private static final String LAYER = ".layer";
    private static final String LEASE = ".lease";

    private final Path directory;
    private final StepListener steps;
    private final Quarantine quarantine;
    /** Layers as they were when the file had a certain length: it only grows. */
    private final Map<Path, Sized> known = new HashMap<>();

    private record Sized(long length, Layer layer) {}

    private interface Decoder<T> {
        T read(Path file) throws IOException;
    }

    RegisterFiles(Path directory, StepListener steps) {
        this.directory = directory;
        this.steps = steps;
        this.quarantine = new Quarantine(directory.resolve("quarantine"), steps);
    }

    Path directory() {
        return directory;
    }

    StepListener steps() {
        return steps;
    }

    /** Deletes what was being made when its process ended. */
    void deleteTemporary() throws SandboxException {
        for (Path file : files(".tmp")) {
            delete(file);
        }
    }

    /** The layers, the oldest first. */
    ImmutableList<Layer> layers() throws SandboxException {
        ImmutableList.Builder<Layer> layers = ImmutableList.builder();
        for (Path file : files(LAYER)) {
            read(file, this::layer).ifPresent(layers::add);
        }
        return layers.build();
    }

    private Layer layer(Path file) throws IOException {
        long length = Files.size(file);
        Sized before = known.get(file);
        if (before != null && before.length == length) {
            return before.layer;
        }
        Layer layer = Layer.read(file);
        requireName(file, name(layer.header()));
        known.put(file, new Sized(length, layer));
        return layer;
    }

    /** The leases that can be read. */
    ImmutableList<Lease> leases() throws SandboxException {
        ImmutableList.Builder<Lease> leases = ImmutableList.builder();
        for (Path file : files(LEASE)) {
            read(file, this::lease).ifPresent(leases::add);
        }
        return leases.build();
    }

    private Lease lease(Path file) throws IOException {
        Lease lease = Lease.read(file);
        requireName(file, lease.sandbox() + LEASE);
        return lease;
    }

    private static void requireName(Path file, String name) throws JournalFormatException {
        if (!name.equalsIgnoreCase(String.valueOf(file.getFileName()))) {
            throw new JournalFormatException(file, 0, "by what it holds its name is " + name);
        }
    }

    private <T> Optional<T> read(Path file, Decoder<T> decoder) throws SandboxException {
        try {
            return Optional.of(decoder.read(file));
        } catch (JournalFormatException e) {
            quarantine(file, e.finding());
            return Optional.empty();
        } catch (IOException e) {
            throw EditRegister.failure("the journal's file " + file + " cannot be read", e);
        }
    }

    /** Makes the file of a layer. */
    JournalWriter create(LayerHeader header) throws SandboxException {
        return JournalWriter.create(directory.resolve(name(header)), header, steps);
    }

    private static String name(LayerHeader header) {
        return String.format(Locale.ROOT, "%010d-%s%s", header.sequence(), header.id(), LAYER);
    }

    /** Opens a layer for undoing it. */
    JournalReader open(Layer layer) throws JournalFormatException, SandboxException {
        try {
            return JournalReader.open(layer.file());
        } catch (JournalFormatException e) {
            quarantine(layer.file(), e.finding());
            throw e;
        } catch (IOException e) {
            throw EditRegister.failure("the journal " + layer.file() + " cannot be read", e);
        }
    }

    void write(Lease lease) throws SandboxException {
        Path file = path(lease.sandbox());
        try {
            ForcedFile.replace(file, lease.encode(), "lease", steps);
        } catch (IOException e) {
            throw EditRegister.failure("the lease " + file + " cannot be written", e);
        }
    }

    void remove(UUID sandbox) throws SandboxException {
        steps.step("lease.remove");
        delete(path(sandbox));
        steps.step("lease.removed");
    }

    private Path path(UUID sandbox) {
        return directory.resolve(sandbox + LEASE);
    }

    void delete(Layer layer) throws SandboxException {
        steps.step("layer.delete");
        delete(layer.file());
        steps.step("layer.deleted");
    }

    private static void delete(Path file) throws SandboxException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw EditRegister.failure("the journal's file " + file + " cannot be deleted", e);
        }
    }

    void quarantine(Path file, String reason) throws SandboxException {
        try {
            quarantine.take(file, reason);
        } catch (IOException e) {
            throw EditRegister.failure(
                    "the journal's file " + file + " is damaged (" + reason + ") and cannot be moved to quarantine", e);
        }
    }

    ImmutableList<Path> quarantined() throws SandboxException {
        try {
            return quarantine.files();
        } catch (IOException | DirectoryIteratorException e) {
            throw unlisted(e);
        }
    }

    private ImmutableList<Path> files(String ending) throws SandboxException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory, file -> String.valueOf(file.getFileName()).endsWith(ending) && Files.isRegularFile(file))) {
            return ImmutableList.sortedCopyOf(files);
        } catch (IOException | DirectoryIteratorException e) {
            throw unlisted(e);
        }
    }

    private SandboxException unlisted(Exception cause) {
        return EditRegister.failure(
                "the journal's directory " + directory + " cannot be listed",
                cause instanceof IOException e ? e : new IOException(cause));
    }
}
