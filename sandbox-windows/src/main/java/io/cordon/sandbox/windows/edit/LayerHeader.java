package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.time.Instant;
import java.util.UUID;

/**
 * What is known of a layer before its first edit. A value.
 *
 * @param id names the layer
 * @param sequence layers are undone in descending order of it, at most {@link #MAX_SEQUENCE}
 * @param created when, to the millisecond
 * @param lifetime how long its edits stay
 * @param owner the process that made it
 * @param dependsOn the layers that it lies on: what it found is what they left, so they cannot be undone before it
 * @param places what it changes on purpose
 */
public record LayerHeader(
        UUID id,
        long sequence,
        Instant created,
        Lifetime lifetime,
        Owner owner,
        ImmutableSet<UUID> dependsOn,
        ImmutableList<Place> places) {
    /** The name of the file has ten digits for it. */
    public static final long MAX_SEQUENCE = 9_999_999_999L;

    /** @throws IllegalArgumentException if the sequence is out of range */
    public LayerHeader {
        if (sequence < 1 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("a sequence is in 1 to " + MAX_SEQUENCE + ", not " + sequence);
        }
        created = Instant.ofEpochMilli(created.toEpochMilli());
    }
}
