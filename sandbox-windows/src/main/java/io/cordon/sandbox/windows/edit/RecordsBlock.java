package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityFormatException;
import java.util.HashMap;
import java.util.Map;

/** Collects the payload of a RECORDS block, see {@link JournalFormat}. */
final class RecordsBlock {
    private static final int LABEL = 0;
    private static final int ENTRY = 1;
    private static final int MADE = 2;

    /** What a record takes at least. */
    private static final int MIN_RECORD = 28;

    private final DescriptorTable descriptors = new DescriptorTable();
    private final Map<Change, Integer> changes = new HashMap<>();
    private final ByteWriter changeEntries = new ByteWriter();
    private final ByteWriter records = new ByteWriter();
    private int count;
    private String previous = "";

    void add(EditRecord edit) {
        String path = edit.path();
        int shared = 0;
        int limit = Math.min(path.length(), previous.length());
        while (shared < limit && path.charAt(shared) == previous.charAt(shared)) {
            shared++;
        }
        records.fileId(edit.object())
                .int32(change(edit.change()))
                .int32(descriptors.index(edit.before()))
                .int16(shared)
                .int16(path.length() - shared)
                .units(path, shared);
        previous = path;
        count++;
    }

    private int change(Change change) {
        Integer known = changes.get(change);
        if (known != null) {
            return known;
        }
        if (change instanceof Change.Label label) {
            changeEntries.int8(LABEL).sized(Acl.of(label.ace()).encode());
        } else if (change instanceof Change.Entry entry) {
            changeEntries.int8(ENTRY).sized(Acl.of(entry.ace()).encode());
        } else {
            changeEntries.int8(MADE);
        }
        changes.put(change, changes.size());
        return changes.size() - 1;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** About how many bytes the payload has. */
    int size() {
        return descriptors.size() + changeEntries.size() + records.size();
    }

    byte[] toPayload() {
        ByteWriter out = new ByteWriter();
        descriptors.writeTo(out);
        return out.int32(changes.size())
                .bytes(changeEntries.toBytes())
                .int32(count)
                .bytes(records.toBytes())
                .toBytes();
    }

    /** The records of a payload, first to last. */
    static ImmutableList<EditRecord> decode(ByteReader in) throws JournalFormatException {
        ImmutableList<SecurityDescriptor> descriptors = DescriptorTable.read(in);
        ImmutableList<Change> changes = changes(in);
        int count = in.count(MIN_RECORD);
        if (count == 0) {
            throw in.wrong("a block without records");
        }
        ImmutableList.Builder<EditRecord> edits = ImmutableList.builderWithExpectedSize(count);
        String path = "";
        for (int i = 0; i < count; i++) {
            FileId object = in.fileId();
            Change change = changes.get(in.index(changes.size()));
            SecurityDescriptor before = descriptors.get(in.index(descriptors.size()));
            int shared = in.uint16();
            if (shared > path.length()) {
                throw in.wrong("a path shares " + shared + " characters with one of " + path.length());
            }
            path = path.substring(0, shared) + in.units(in.uint16());
            edits.add(edit(in, object, path, change, before));
        }
        in.expectEnd();
        return edits.build();
    }

    private static EditRecord edit(ByteReader in, FileId object, String path, Change change, SecurityDescriptor before)
            throws JournalFormatException {
        if (before.owner() != null || before.group() != null) {
            throw in.wrong("a descriptor with an owner or a group, which no edit changes");
        }
        try {
            return new EditRecord(object, path, change, before);
        } catch (IllegalArgumentException e) {
            throw in.wrong(e);
        }
    }

    private static ImmutableList<Change> changes(ByteReader in) throws JournalFormatException {
        int count = in.count(1);
        ImmutableList.Builder<Change> changes = ImmutableList.builder();
        for (int i = 0; i < count; i++) {
            int kind = in.uint8();
            changes.add(
                    switch (kind) {
                        case LABEL, ENTRY -> change(in, kind);
                        case MADE -> new Change.Made();
                        default -> throw in.wrong("a change of the unknown kind " + kind);
                    });
        }
        return changes.build();
    }

    private static Change change(ByteReader in, int kind) throws JournalFormatException {
        byte[] bytes = in.sized();
        Acl list;
        try {
            list = Acl.decode(bytes);
        } catch (SecurityFormatException e) {
            throw in.wrong(e);
        }
        if (list.aces().size() == 1 && list.length() == bytes.length) {
            Ace ace = list.aces().get(0);
            if (kind == LABEL && ace instanceof LabelAce label) {
                return new Change.Label(label);
            }
            if (kind == ENTRY && ace instanceof AccessAce access) {
                return new Change.Entry(access);
            }
        }
        throw in.wrong("a change of kind " + kind + " with the entries " + list.aces());
    }
}
