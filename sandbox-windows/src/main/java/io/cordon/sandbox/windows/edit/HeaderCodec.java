package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The payload of a HEADER block, see {@link JournalFormat}. */
final class HeaderCodec {
    private HeaderCodec() {}

    static byte[] encode(LayerHeader header) {
        ByteWriter out = new ByteWriter()
                .int64(header.sequence())
                .int64(header.created().toEpochMilli())
                .int8(header.lifetime() == Lifetime.PERSISTENT ? 1 : 0)
                .int64(header.owner().pid())
                .int64(header.owner().started())
                .ids(header.dependsOn())
                .int32(header.places().size());
        for (Place place : header.places()) {
            out.string(place.path())
                    .flags(place.object().isPresent(), place.writable(), place.tree())
                    .label(place.label());
            place.object().ifPresent(out::fileId);
        }
        return out.toBytes();
    }

    static LayerHeader decode(UUID id, ByteReader in) throws JournalFormatException {
        long sequence = in.int64();
        Instant created = in.instant();
        Lifetime lifetime = in.flags(1) == 1 ? Lifetime.PERSISTENT : Lifetime.SESSION;
        Owner owner = new Owner(in.int64(), in.int64());
        ImmutableSet<UUID> dependsOn = in.ids();
        int count = in.count(1);
        ImmutableList.Builder<Place> places = ImmutableList.builder();
        for (int i = 0; i < count; i++) {
            places.add(place(in));
        }
        in.expectEnd();
        try {
            return new LayerHeader(id, sequence, created, lifetime, owner, dependsOn, places.build());
        } catch (IllegalArgumentException e) {
            throw in.wrong(e);
        }
    }

    private static Place place(ByteReader in) throws JournalFormatException {
        String path = in.string();
        int flags = in.flags(3);
        MandatoryLabel label = in.label();
        Optional<FileId> object = (flags & 1) == 0 ? Optional.empty() : Optional.of(in.fileId());
        try {
            return new Place(path, object, label, (flags & 2) != 0, (flags & 4) != 0);
        } catch (IllegalArgumentException e) {
            throw in.wrong(e);
        }
    }
}
