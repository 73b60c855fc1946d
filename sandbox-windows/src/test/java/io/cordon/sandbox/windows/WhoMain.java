package io.cordon.sandbox.windows;

import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;

/** Prints the user, the level in hexadecimal and the logon SID of its own token. */
final class WhoMain {
    private WhoMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        TokenCalls tokens = NativeCalls.windows().tokens();
        try (OwnedHandle own = tokens.ownToken()) {
            System.out.println(Sid.decode(tokens.user(own)) + " "
                    + Integer.toHexString(tokens.integrityLevel(own)) + " "
                    + tokens.logon(own).map(Sid::toString).orElse("none"));
        }
    }
}
