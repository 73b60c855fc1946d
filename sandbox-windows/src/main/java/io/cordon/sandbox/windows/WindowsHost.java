package io.cordon.sandbox.windows;

import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.win32.DefaultDacl;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;

/**
 * What this machine and this JVM are.
 *
 * @param build the build number of Windows
 * @param wine the version of Wine, if it is Wine
 * @param elevated whether an administrator's rights are in force
 * @param system whether the JVM runs as the system itself
 * @param level the integrity level of the JVM
 */
record WindowsHost(int build, Optional<String> wine, boolean elevated, boolean system, int level) {

    /** Looks at the machine. */
    static WindowsHost read(NativeCalls calls) throws WindowsFailure {
        try (OwnedHandle token = calls.tokens().ownToken()) {
            return new WindowsHost(
                    calls.host().buildNumber(),
                    calls.host().wineVersion(),
                    calls.tokens().elevated(token),
                    DefaultDacl.isSystem(calls.tokens().user(token)),
                    calls.tokens().integrityLevel(token));
        }
    }

    /** Whether the backend can work here. */
    BackendProbe probe() {
        if (system) {
            return BackendProbe.unavailable(
                    "the JVM runs as SYSTEM, whose rights no token of its own takes away; run it "
                            + "as a user or a service account (" + describe() + ")");
        }
        if (level <= ConfinedToken.LEVEL) {
            return BackendProbe.unavailable("the JVM itself runs below Medium integrity, so that it can label nothing; "
                    + "start it outside of the sandbox that it is in (" + describe() + ")");
        }
        return BackendProbe.available(describe());
    }

    /** In one line. */
    String describe() {
        return "Windows build " + build
                + wine.map(version -> ", Wine " + version).orElse("")
                + (elevated ? ", elevated" : ", not elevated")
                + ", integrity level 0x%x".formatted(level);
    }
}
