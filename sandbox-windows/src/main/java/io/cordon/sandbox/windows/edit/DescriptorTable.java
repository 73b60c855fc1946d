package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.SecurityFormatException;
import java.util.HashMap;
import java.util.Map;

/** The distinct descriptors of a block: most files of a tree share theirs. */
final class DescriptorTable {
    private final Map<SecurityDescriptor, Integer> indices = new HashMap<>();
    private final ByteWriter entries = new ByteWriter();

    int index(SecurityDescriptor descriptor) {
        Integer known = indices.get(descriptor);
        if (known != null) {
            return known;
        }
        entries.sized(SecurityDescriptorCodec.encode(descriptor));
        indices.put(descriptor, indices.size());
        return indices.size() - 1;
    }

    int size() {
        return entries.size();
    }

    void writeTo(ByteWriter out) {
        out.int32(indices.size()).bytes(entries.toBytes());
    }

    static ImmutableList<SecurityDescriptor> read(ByteReader in) throws JournalFormatException {
        int count = in.count(4);
        ImmutableList.Builder<SecurityDescriptor> descriptors = ImmutableList.builder();
        for (int i = 0; i < count; i++) {
            try {
                descriptors.add(SecurityDescriptorCodec.decode(in.sized()));
            } catch (SecurityFormatException e) {
                throw in.wrong(e);
            }
        }
        return descriptors.build();
    }
}
