package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/**
 * An open sandbox, and what it needs to stay as it is. A value.
 *
 * @param sandbox names the sandbox
 * @param owner the process that opened it
 * @param privateDirectory the name of the sandbox's own directory in the library's home
 * @param since when it was opened, to the millisecond
 * @param layers the layers that it needs; what these lie on is needed too
 * @param profile the name of the AppContainer profile that it uses; empty if it uses none
 */
public record Lease(
        UUID sandbox, Owner owner, String privateDirectory, Instant since, ImmutableSet<UUID> layers, String profile) {
    /** A lease. */
    public Lease {
        since = Instant.ofEpochMilli(since.toEpochMilli());
    }

    /** A lease of a sandbox that uses no AppContainer. */
    public Lease(UUID sandbox, Owner owner, String privateDirectory, Instant since, ImmutableSet<UUID> layers) {
        this(sandbox, owner, privateDirectory, since, layers, "");
    }

    /** The same, which needs these layers. */
    public Lease needing(Collection<UUID> others) {
        return new Lease(sandbox, owner, privateDirectory, since, ImmutableSet.copyOf(others), profile);
    }

    byte[] encode() {
        ByteWriter payload = new ByteWriter()
                .int64(owner.pid())
                .int64(owner.started())
                .string(privateDirectory)
                .int64(since.toEpochMilli())
                .ids(layers)
                .string(profile);
        return JournalFormat.file(JournalFormat.LEASE_MAGIC, sandbox, JournalFormat.LEASE, payload.toBytes());
    }

    static Lease read(Path file) throws IOException {
        try (BlockReader blocks = BlockReader.open(file, JournalFormat.LEASE_MAGIC)) {
            BlockReader.Block block = blocks.first(JournalFormat.LEASE);
            if (block.end() != blocks.size()) {
                throw new JournalFormatException(file, block.end(), "something follows the lease");
            }
            ByteReader in = block.reader(file);
            Owner owner = new Owner(in.int64(), in.int64());
            String directory = in.string();
            Instant since = in.instant();
            ImmutableSet<UUID> layers = in.ids();
            String profile = in.string();
            in.expectEnd();
            return new Lease(blocks.id(), owner, directory, since, layers, profile);
        }
    }
}
