package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Names of pipes, and who may open them and the broker's process. */
final class PipeAccess {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NAME_BYTES = 16;

    /**
     * Everything but FILE_CREATE_PIPE_INSTANCE, which FILE_GENERIC_WRITE has in it as FILE_APPEND_DATA: the account opens
     * pipes and never adds an instance to one.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights">Named pipe
     *     security and access rights</a>
     */
    private static final AccessMask CLIENT =
            AccessMask.FILE_GENERIC_READ.or(AccessMask.FILE_GENERIC_WRITE).minus(AccessMask.FILE_APPEND_DATA);

    private static final AccessMask PROCESS_TERMINATE = new AccessMask(0x1);
    private static final AccessMask PROCESS_QUERY_LIMITED_INFORMATION = new AccessMask(0x1000);

    private PipeAccess() {}

    /** A name that nobody has used or can guess. */
    static String newName() {
        byte[] bytes = new byte[NAME_BYTES];
        RANDOM.nextBytes(bytes);
        return "\\\\.\\pipe\\cordon-" + HexFormat.of().formatHex(bytes);
    }

    /**
     * The host owns the pipe, and the account may open it; nobody inherits anything. Without a label it is Medium, so
     * that of the account's processes only the broker can write to it, and not the children below Medium; a child is
     * given a handle.
     */
    static SecurityDescriptor pipe(Sid host, Sid account) {
        return SecurityDescriptor.of(
                        host,
                        null,
                        Acl.of(AccessAce.allow(AccessMask.FILE_ALL_ACCESS, host), AccessAce.allow(CLIENT, account)))
                .withControl(SecurityDescriptor.DACL_PROTECTED, 0);
    }

    /**
     * The broker's process for the host and for the system, and for nobody else. Its children have the SID of its user,
     * which owns the process: for an owner, Windows adds READ_CONTROL and WRITE_DAC, unless an entry for OWNER RIGHTS
     * says otherwise. The broker itself uses the handle that it has without opening.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights">Process
     *     security and access rights</a>
     */
    static SecurityDescriptor process(Sid host) {
        return SecurityDescriptor.EMPTY
                .withDacl(Acl.of(
                        AccessAce.allow(AccessMask.GENERIC_ALL, WellKnownSids.LOCAL_SYSTEM),
                        AccessAce.allow(
                                PROCESS_TERMINATE
                                        .or(PROCESS_QUERY_LIMITED_INFORMATION)
                                        .or(AccessMask.SYNCHRONIZE),
                                host),
                        AccessAce.allow(AccessMask.READ_CONTROL, WellKnownSids.OWNER_RIGHTS)))
                .withControl(SecurityDescriptor.DACL_PROTECTED, 0);
    }
}
