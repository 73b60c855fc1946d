package io.cordon.sandbox.windows;

import com.sun.jna.platform.win32.LMAccess;
import com.sun.jna.platform.win32.Netapi32;

/** {@code AccountMain NAME PASSWORD}: makes a local account. Needs an administrator. */
final class AccountMain {
    /** lmaccess.h */
    private static final int UF_SCRIPT = 0x1;

    private AccountMain() {}

    /** See the class. */
    public static void main(String[] arguments) {
        LMAccess.USER_INFO_1 user = new LMAccess.USER_INFO_1();
        user.usri1_name = arguments[0];
        user.usri1_password = arguments[1];
        user.usri1_priv = LMAccess.USER_PRIV_USER;
        user.usri1_flags = UF_SCRIPT;
        user.write();
        int error = Netapi32.INSTANCE.NetUserAdd(null, 1, user, null);
        System.out.println("NetUserAdd " + error);
        System.exit(error == 0 ? 0 : 1);
    }
}
