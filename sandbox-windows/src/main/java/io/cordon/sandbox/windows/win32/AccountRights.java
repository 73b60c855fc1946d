package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.failure;

import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.SetupStructures.LSA_OBJECT_ATTRIBUTES;
import io.cordon.sandbox.windows.win32.SetupStructures.LSA_UNICODE_STRING;
import java.nio.charset.StandardCharsets;

/** The rights of accounts in the local security policy. */
final class AccountRights {
    private static final int POLICY_CREATE_ACCOUNT = 0x10;
    private static final int POLICY_LOOKUP_NAMES = 0x800;

    /** No right was ever given to the account. */
    private static final int STATUS_OBJECT_NAME_NOT_FOUND = 0xC0000034;

    private AccountRights() {}

    private static void checkStatus(String function, int status) throws WindowsFailure {
        if (status != 0) {
            throw failure(function, ADVAPI32.LsaNtStatusToWinError(status));
        }
    }

    private static OwnedHandle policy() throws WindowsFailure {
        PointerByReference policy = new PointerByReference();
        LSA_OBJECT_ATTRIBUTES attributes = new LSA_OBJECT_ATTRIBUTES();
        checkStatus(
                "LsaOpenPolicy",
                ADVAPI32.LsaOpenPolicy(
                        null, attributes.written(), POLICY_CREATE_ACCOUNT | POLICY_LOOKUP_NAMES, policy));
        return new OwnedHandle(
                Pointer.nativeValue(policy.getValue()), toClose -> ADVAPI32.LsaClose(Pointer.createConstant(toClose)));
    }

    static void add(Sid account, ImmutableSet<String> rights) throws WindowsFailure {
        try (OwnedHandle policy = policy();
                Memory sid = Handles.memoryOf(account.encode());
                ResourceScope scope = new ResourceScope()) {
            int size = new LSA_UNICODE_STRING().size();
            Memory strings = scope.own(new Memory((long) size * rights.size()));
            int i = 0;
            for (String right : rights) {
                LSA_UNICODE_STRING string =
                        Structure.newInstance(LSA_UNICODE_STRING.class, strings.share((long) size * i++));
                byte[] bytes = right.getBytes(StandardCharsets.UTF_16LE);
                string.Length = (short) bytes.length;
                string.MaximumLength = (short) bytes.length;
                string.Buffer = scope.own(Handles.memoryOf(bytes));
                string.write();
            }
            checkStatus(
                    "LsaAddAccountRights",
                    ADVAPI32.LsaAddAccountRights(Handles.pointer(policy), sid, strings, rights.size()));
        }
    }

    static ImmutableSet<String> of(Sid account) throws WindowsFailure {
        PointerByReference found = new PointerByReference();
        IntByReference count = new IntByReference();
        try (OwnedHandle policy = policy();
                Memory sid = Handles.memoryOf(account.encode())) {
            int status = ADVAPI32.LsaEnumerateAccountRights(Handles.pointer(policy), sid, found, count);
            if (status == STATUS_OBJECT_NAME_NOT_FOUND) {
                return ImmutableSet.of();
            }
            checkStatus("LsaEnumerateAccountRights", status);
        }
        Pointer strings = found.getValue();
        if (strings == null) {
            return ImmutableSet.of();
        }
        try {
            ImmutableSet.Builder<String> rights = ImmutableSet.builder();
            int size = new LSA_UNICODE_STRING().size();
            for (int i = 0; i < count.getValue(); i++) {
                LSA_UNICODE_STRING string =
                        Structure.newInstance(LSA_UNICODE_STRING.class, strings.share((long) size * i));
                string.read();
                if (string.Buffer != null) {
                    rights.add(new String(
                            string.Buffer.getByteArray(0, string.Length & 0xFFFF), StandardCharsets.UTF_16LE));
                }
            }
            return rights.build();
        } finally {
            var unused = ADVAPI32.LsaFreeMemory(strings);
        }
    }

    static void remove(Sid account) throws WindowsFailure {
        try (OwnedHandle policy = policy();
                Memory sid = Handles.memoryOf(account.encode())) {
            int status = ADVAPI32.LsaRemoveAccountRights(Handles.pointer(policy), sid, (byte) 1, null, 0);
            if (status != STATUS_OBJECT_NAME_NOT_FOUND) {
                checkStatus("LsaRemoveAccountRights", status);
            }
        }
    }
}
