package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableSet;

/**
 * What a confined process may change of the metadata of files: mode, owner, times, extended attributes and flags. Landlock
 * mediates none of it, and the calls work on descriptors that were opened for reading.
 */
public final class MetadataRules {
    /** The calls that a supervisor is asked about: it finds out which file is meant, and changes it or refuses. */
    public static final ImmutableSet<Syscall> MEDIATED = ImmutableSet.of(
            Syscall.CHMOD,
            Syscall.FCHMOD,
            Syscall.FCHMODAT,
            Syscall.FCHMODAT2,
            Syscall.CHOWN,
            Syscall.LCHOWN,
            Syscall.FCHOWN,
            Syscall.FCHOWNAT,
            Syscall.UTIME,
            Syscall.UTIMES,
            Syscall.FUTIMESAT,
            Syscall.UTIMENSAT,
            Syscall.SETXATTR,
            Syscall.LSETXATTR,
            Syscall.FSETXATTR,
            Syscall.REMOVEXATTR,
            Syscall.LREMOVEXATTR,
            Syscall.FREMOVEXATTR);

    /** Newer forms, for which the C library and programs have to fall back to the older ones. */
    private static final ImmutableSet<Syscall> TOO_NEW =
            ImmutableSet.of(Syscall.SETXATTRAT, Syscall.REMOVEXATTRAT, Syscall.FILE_SETATTR);

    /**
     * The second byte of the requests by which ioctl(2) changes files through descriptors opened for reading: flags such
     * as immutable, project, generation, attributes of FAT, encryption keys, verity, and all of Btrfs, which makes and
     * deletes subvolumes so.
     */
    private static final ImmutableSet<Integer> FILE_REQUESTS =
            ImmutableSet.of('f' << 8, 'X' << 8, 'v' << 8, 'r' << 8, 0x94 << 8);

    private static final int REQUEST_TYPE = 0xFF00;

    /** Of these, the requests that only ask, and those that write to a descriptor which must be open for that. */
    private static final ImmutableSet<Integer> HARMLESS_REQUESTS = ImmutableSet.of(
            0x80086601 /* FS_IOC_GETFLAGS */,
            0xC020660B /* FS_IOC_FIEMAP */,
            0x801C581F /* FS_IOC_FSGETXATTR */,
            0x80087601 /* FS_IOC_GETVERSION */,
            0x40049409 /* FICLONE */,
            0x4020940D /* FICLONERANGE */,
            0xC0189436 /* FIDEDUPERANGE */);

    private MetadataRules() {}

    static void addTo(FilterProgram program, boolean mediated) {
        if (mediated) {
            MEDIATED.forEach(call -> program.refuse(call, SeccompFilter.ASK_SUPERVISOR));
        }
        TOO_NEW.forEach(call -> program.refuse(call, SeccompFilter.NO_SUCH_CALL));
        for (int type : FILE_REQUESTS) {
            program.when(Syscall.IOCTL, requestsOf(type));
        }
    }

    /** Refuses all requests of a type but the harmless ones. */
    private static BpfInstruction[] requestsOf(int type) {
        int[] harmless = HARMLESS_REQUESTS.stream()
                .filter(request -> (request & REQUEST_TYPE) == type)
                .mapToInt(Integer::intValue)
                .toArray();
        BpfInstruction[] body = new BpfInstruction[harmless.length + 4];
        int at = 0;
        body[at++] = FilterProgram.loadArgument(1);
        for (int i = 0; i < harmless.length; i++) {
            // Behind the others of these, and the three instructions that refuse.
            body[at++] = BpfInstruction.ifNotEqual(harmless[i], harmless.length - 1 - i + 3);
        }
        body[at++] = BpfInstruction.and(REQUEST_TYPE);
        body[at++] = BpfInstruction.ifEqual(type, 1);
        body[at] = BpfInstruction.answer(SeccompFilter.NOT_PERMITTED);
        return body;
    }
}
