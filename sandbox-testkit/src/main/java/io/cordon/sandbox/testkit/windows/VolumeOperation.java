package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.Sid;
import org.jspecify.annotations.Nullable;

/** Something that a process can try on a volume, as a value: a step of an attack. */
public sealed interface VolumeOperation {
    /** Does it. */
    VolumeOutcome run(VolumeSession session);

    /** {@link VolumeSession#read}. */
    record Read(String path) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.read(path);
        }
    }

    /** {@link VolumeSession#write}. */
    record Write(String path, String content) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.write(path, content);
        }
    }

    /** {@link VolumeSession#append}. */
    record Append(String path, String content) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.append(path, content);
        }
    }

    /** {@link VolumeSession#overwrite}. */
    record Overwrite(String path, String content) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.overwrite(path, content);
        }
    }

    /** {@link VolumeSession#setAttributes}. */
    record SetAttributes(String path) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.setAttributes(path);
        }
    }

    /** {@link VolumeSession#createFile}. */
    record CreateFile(String path, @Nullable Acl dacl) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.createFile(path, dacl);
        }
    }

    /** {@link VolumeSession#createDirectory}. */
    record CreateDirectory(String path, @Nullable Acl dacl) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.createDirectory(path, dacl);
        }
    }

    /** {@link VolumeSession#delete}. */
    record Delete(String path) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.delete(path);
        }
    }

    /** {@link VolumeSession#rename}. */
    record Rename(String from, String to, boolean replace) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.rename(from, to, replace);
        }
    }

    /** {@link VolumeSession#hardLink}. */
    record HardLink(String existing, String name) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.hardLink(existing, name);
        }
    }

    /** {@link VolumeSession#makeJunction}. */
    record MakeJunction(String path, String target) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.makeJunction(path, target);
        }
    }

    /** {@link VolumeSession#makeSymbolicLink}. */
    record MakeSymbolicLink(String path, String target) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.makeSymbolicLink(path, target);
        }
    }

    /** {@link VolumeSession#setDacl}. */
    record SetDacl(String path, Acl dacl) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.setDacl(path, dacl);
        }
    }

    /** {@link VolumeSession#setOwner}. */
    record SetOwner(String path, Sid owner) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.setOwner(path, owner);
        }
    }

    /** {@link VolumeSession#setLabel}. */
    record SetLabel(String path, LabelAce label) implements VolumeOperation {
        @Override
        public VolumeOutcome run(VolumeSession session) {
            return session.setLabel(path, label);
        }
    }
}
