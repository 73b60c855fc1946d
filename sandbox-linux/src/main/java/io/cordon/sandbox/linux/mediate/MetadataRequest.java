package io.cordon.sandbox.linux.mediate;

import static io.cordon.sandbox.linux.mediate.TargetReference.AT_FDCWD;

import com.google.common.primitives.ImmutableLongArray;
import io.cordon.sandbox.linux.mediate.MetadataChange.Format;
import io.cordon.sandbox.linux.plan.Syscall;
import io.cordon.sandbox.linux.syscall.Errno;

/**
 * A mediated call, with its arguments told apart as the manual page of the call has them.
 *
 * @param target the file
 * @param change what is changed
 */
record MetadataRequest(TargetReference target, MetadataChange change) {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;

    /**
     * Reads the arguments.
     *
     * @throws AnsweredException if the kernel would refuse them
     */
    static MetadataRequest of(Syscall call, ImmutableLongArray a) throws AnsweredException {
        return switch (call) {
            case CHMOD -> new MetadataRequest(TargetReference.path(a.get(0), true), mode(a.get(1)));
            case FCHMOD -> new MetadataRequest(TargetReference.descriptor(a.get(0)), mode(a.get(1)));
            case FCHMODAT -> new MetadataRequest(at(a.get(0), a.get(1), 0), mode(a.get(2)));
            case FCHMODAT2 -> new MetadataRequest(at(a.get(0), a.get(1), a.get(3)), mode(a.get(2)));
            case CHOWN -> new MetadataRequest(TargetReference.path(a.get(0), true), owner(a.get(1), a.get(2)));
            case LCHOWN -> new MetadataRequest(TargetReference.path(a.get(0), false), owner(a.get(1), a.get(2)));
            case FCHOWN -> new MetadataRequest(TargetReference.descriptor(a.get(0)), owner(a.get(1), a.get(2)));
            case FCHOWNAT -> new MetadataRequest(at(a.get(0), a.get(1), a.get(4)), owner(a.get(2), a.get(3)));
            case UTIME ->
                new MetadataRequest(
                        TargetReference.path(a.get(0), true), new MetadataChange.Times(a.get(1), Format.SECONDS));
            case UTIMES ->
                new MetadataRequest(
                        TargetReference.path(a.get(0), true), new MetadataChange.Times(a.get(1), Format.MICROS));
            case FUTIMESAT ->
                new MetadataRequest(
                        pathOrDescriptor(a.get(0), a.get(1), 0), new MetadataChange.Times(a.get(2), Format.MICROS));
            case UTIMENSAT ->
                new MetadataRequest(
                        pathOrDescriptor(a.get(0), a.get(1), a.get(3)),
                        new MetadataChange.Times(a.get(2), Format.NANOS));
            case SETXATTR -> new MetadataRequest(TargetReference.path(a.get(0), true), setAttribute(a));
            case LSETXATTR -> new MetadataRequest(TargetReference.path(a.get(0), false), setAttribute(a));
            case FSETXATTR -> new MetadataRequest(TargetReference.descriptor(a.get(0)), setAttribute(a));
            case REMOVEXATTR -> new MetadataRequest(TargetReference.path(a.get(0), true), removeAttribute(a));
            case LREMOVEXATTR -> new MetadataRequest(TargetReference.path(a.get(0), false), removeAttribute(a));
            case FREMOVEXATTR -> new MetadataRequest(TargetReference.descriptor(a.get(0)), removeAttribute(a));
            default -> throw new AnsweredException(Errno.ENOSYS);
        };
    }

    private static TargetReference at(long directory, long path, long flags) throws AnsweredException {
        if (((int) flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) {
            throw new AnsweredException(Errno.EINVAL);
        }
        return new TargetReference(
                (int) directory, path, (flags & AT_SYMLINK_NOFOLLOW) == 0, (flags & AT_EMPTY_PATH) != 0);
    }

    /** Without a path, utimensat(2) and futimesat(2) mean the descriptor, and take no flags then. */
    private static TargetReference pathOrDescriptor(long directory, long path, long flags) throws AnsweredException {
        if (path != 0 || (int) directory == AT_FDCWD) {
            return at(directory, path, flags);
        }
        if ((int) flags != 0) {
            throw new AnsweredException(Errno.EINVAL);
        }
        return TargetReference.descriptor(directory);
    }

    private static MetadataChange mode(long mode) {
        return new MetadataChange.Mode((int) mode & 07777);
    }

    private static MetadataChange owner(long user, long group) {
        return new MetadataChange.Owner((int) user, (int) group);
    }

    private static MetadataChange setAttribute(ImmutableLongArray a) {
        return new MetadataChange.SetAttribute(a.get(1), a.get(2), a.get(3), (int) a.get(4));
    }

    private static MetadataChange removeAttribute(ImmutableLongArray a) {
        return new MetadataChange.RemoveAttribute(a.get(1));
    }
}
