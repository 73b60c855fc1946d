package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The payload of a COMPLETED block, see {@link JournalFormat}. */
final class CompletedCodec {
    private CompletedCodec() {}

    static byte[] encode(List<Stamped> trees) {
        DescriptorTable descriptors = new DescriptorTable();
        ByteWriter body = new ByteWriter().int32(trees.size());
        for (Stamped tree : trees) {
            TreeFacts found = tree.found();
            body.string(tree.path())
                    .fileId(tree.object())
                    .string(tree.shape())
                    .string(tree.stamp())
                    .flags(found.sharedWritable(), found.passesOnNothing(), found.needsDeleteChild())
                    .int32(found.hardLinks().size());
            for (ObjectFacts object : found.hardLinks()) {
                body.string(object.path().toString())
                        .fileId(object.id())
                        .flags(
                                object.directory(),
                                object.reparsePoint(),
                                object.labelWritable(),
                                object.daclWritable(),
                                object.childrenNeedDeleteChild())
                        .int32(descriptors.index(object.descriptor()));
            }
            body.int32(found.unprotectable().size());
            found.unprotectable().forEach(path -> body.string(path.toString()));
        }
        ByteWriter out = new ByteWriter();
        descriptors.writeTo(out);
        return out.bytes(body.toBytes()).toBytes();
    }

    static ImmutableList<Stamped> decode(ByteReader in) throws JournalFormatException {
        ImmutableList<SecurityDescriptor> descriptors = DescriptorTable.read(in);
        int count = in.count(1);
        ImmutableList.Builder<Stamped> trees = ImmutableList.builder();
        for (int i = 0; i < count; i++) {
            trees.add(tree(in, descriptors));
        }
        in.expectEnd();
        return trees.build();
    }

    private static Stamped tree(ByteReader in, ImmutableList<SecurityDescriptor> descriptors)
            throws JournalFormatException {
        String path = in.string();
        FileId object = in.fileId();
        String shape = in.string();
        String stamp = in.string();
        int flags = in.flags(3);
        int links = in.count(1);
        ImmutableList.Builder<ObjectFacts> hardLinks = ImmutableList.builder();
        for (int i = 0; i < links; i++) {
            hardLinks.add(object(in, descriptors));
        }
        int paths = in.count(4);
        ImmutableList.Builder<Path> unprotectable = ImmutableList.builder();
        for (int i = 0; i < paths; i++) {
            unprotectable.add(in.path());
        }
        TreeFacts found = new TreeFacts(
                Optional.empty(),
                hardLinks.build(),
                unprotectable.build(),
                (flags & 1) != 0,
                (flags & 2) != 0,
                (flags & 4) != 0);
        try {
            return new Stamped(path, object, shape, stamp, found);
        } catch (IllegalArgumentException e) {
            throw in.wrong(e);
        }
    }

    private static ObjectFacts object(ByteReader in, ImmutableList<SecurityDescriptor> descriptors)
            throws JournalFormatException {
        Path path = in.path();
        FileId id = in.fileId();
        int flags = in.flags(5);
        return new ObjectFacts(
                path,
                id,
                (flags & 1) != 0,
                (flags & 2) != 0,
                descriptors.get(in.index(descriptors.size())),
                (flags & 4) != 0,
                (flags & 8) != 0,
                (flags & 16) != 0);
    }
}
