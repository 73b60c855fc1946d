package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;

/** Somebody confined who does what the lines of {@link Win32Attack} say. */
interface Attacker extends AutoCloseable {
    /** 0, or the code of the failure. */
    int perform(String line) throws IOException, WindowsFailure;

    @Override
    void close() throws IOException, WindowsFailure;

    /** This thread, which takes the token of a child for each operation; the attacker closes the token. */
    static Attacker impersonating(TokenCalls tokens, OwnedHandle token) {
        return new Attacker() {
            @Override
            public int perform(String line) throws WindowsFailure {
                tokens.impersonate(token);
                try {
                    return Win32Attack.perform(line);
                } finally {
                    tokens.revertToSelf();
                }
            }

            @Override
            public void close() {
                token.close();
            }
        };
    }
}
