package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.AccountSetup;
import io.cordon.sandbox.windows.account.SetupFiles;
import io.cordon.sandbox.windows.account.SetupInspection;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/**
 * Sets this machine up for sandboxes that run as accounts of their own: one local group, one account without and one with
 * a network, and the filters of the Windows Filtering Platform that keep the former from it. Done once, elevated, by the
 * user whose sandboxes they are for; everything can be done again and is undone by {@link #unprovision}.
 *
 * <p>Deviation: the accounts are not denied to log on locally, because CreateProcessWithLogonW demands that right of
 * whom it starts a process for. Their passwords are random and with the owner only, encrypted by DPAPI, and the sign-in
 * screen does not show them.
 *
 * <p>Not safe for use by several processes of one owner at a time.
 */
public final class WindowsSetup {
    /** Set to {@code true} by a test rig whose Wine has the filtering platform; elsewhere its calls end the JVM. */
    private static final String WINE_PROPERTY = "cordon.wine.enforcing";

    private final NativeCalls calls;
    private final SetupCalls setup;
    private final SetupFiles files;
    private final boolean wineEnforces;

    WindowsSetup(NativeCalls calls, SetupCalls setup, SetupFiles files, boolean wineEnforces) {
        this.calls = calls;
        this.setup = setup;
        this.files = files;
        this.wineEnforces = wineEnforces;
    }

    /**
     * That of this machine and user.
     *
     * @throws SandboxException with BACKEND_UNAVAILABLE if this is no Windows
     */
    public static WindowsSetup ofThisUser() throws SandboxException {
        var probe = new WindowsSandboxBackend().probe();
        if (!probe.available()) {
            throw new SandboxException(SandboxErrorCode.BACKEND_UNAVAILABLE, probe.detail());
        }
        return new WindowsSetup(
                NativeCalls.windows(),
                SetupCalls.windows(),
                SetupFiles.in(WindowsPlaces.ofThisJvm().home()),
                Boolean.getBoolean(WINE_PROPERTY));
    }

    /**
     * Makes what is not there yet.
     *
     * @return what is there now
     * @throws SandboxException with SETUP_NOT_ELEVATED, or SETUP_FAILED and the step; doing it again continues
     */
    public SetupStatus provision(SetupOptions options) throws SandboxException {
        accounts().provision(options.ports());
        return status();
    }

    /**
     * Takes everything away.
     *
     * @throws SandboxException with SETUP_NOT_ELEVATED, or SETUP_FAILED and the step; doing it again continues
     */
    public void unprovision() throws SandboxException {
        accounts().unprovision();
    }

    /** What is there. Without an administrator's rights the filters and some others are unknown. */
    public SetupStatus status() throws SandboxException {
        checkMachine();
        return new SetupStatus(new SetupInspection(setup, files, WindowsSandboxBackend.user(calls)).inspect());
    }

    private AccountSetup accounts() throws SandboxException {
        checkMachine();
        Sid owner;
        try (OwnedHandle own = calls.tokens().ownToken()) {
            if (!calls.tokens().elevated(own)) {
                throw new SandboxException(
                        SandboxErrorCode.SETUP_NOT_ELEVATED,
                        "accounts are made and removed by an administrator: start this from an elevated prompt "
                                + "(Run as administrator) of the same user");
            }
            owner = Sid.decode(calls.tokens().user(own));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.SETUP_FAILED, "the user");
        }
        return new AccountSetup(setup, files, owner, calls.host().wineVersion().isPresent());
    }

    private void checkMachine() throws SandboxException {
        if (calls.host().wineVersion().isPresent() && !wineEnforces) {
            throw new SandboxException(
                    SandboxErrorCode.BACKEND_UNAVAILABLE,
                    "this is Wine, which has no filtering platform: accounts would not be confined; use Windows");
        }
    }
}
