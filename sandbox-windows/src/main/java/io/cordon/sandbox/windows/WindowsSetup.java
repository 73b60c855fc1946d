package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.AccountSetup;
import io.cordon.sandbox.windows.account.ReadyAccount;
import io.cordon.sandbox.windows.account.SetupFiles;
import io.cordon.sandbox.windows.account.SetupInspection;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Sets this machine up for sandboxes that run as accounts of their own: one local group, one account without and one with
 * a network, and the filters of the Windows Filtering Platform that keep the former from it. Done once, elevated, by the
 * user whose sandboxes they are for; everything can be done again and is undone by {@link #unprovision}.
 *
 * <p>Deviation: the accounts are not denied to log on locally, because CreateProcessWithLogonW demands that right of
 * whom it starts a process for. Their passwords are random and with the owner only, encrypted by DPAPI, and the sign-in
 * screen does not show them.
 *
 * <p>Safe for use by several threads and processes: one set-up of an owner runs at a time, another one is refused with
 * SETUP_BUSY. Take nothing away while a sandbox of an account is open: a process of a deleted account runs on, and
 * without the filters nothing holds it back.
 */
public final class WindowsSetup {
    /** Set to {@code true} by a test rig whose Wine has the filtering platform; elsewhere its calls end the JVM. */
    static final String WINE_PROPERTY = "cordon.wine.enforcing";

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
     * @throws SandboxException with SETUP_NOT_ELEVATED, SETUP_BUSY, or SETUP_FAILED and the step; doing it again continues
     */
    public SetupStatus provision(SetupOptions options) throws SandboxException {
        ImmutableList<String> leftOut = accounts().provision(options.ports());
        return new SetupStatus(inspect(), leftOut);
    }

    /**
     * Asks the user for an administrator's rights (UAC) and provisions in a second JVM that has them. What is true then is
     * read back by this process; that the filters are there it may not be able to see, and says so in the status.
     *
     * @param timeout how long to wait for the user and the second JVM, which is not ended when the time is up
     * @return what is there now, as far as this process can see it
     * @throws SandboxException with SETUP_DECLINED if the user said no, SETUP_OTHER_OWNER if an administrator other than
     *     this user said yes, SETUP_BUSY, or SETUP_FAILED; doing it again continues
     */
    public SetupStatus provisionElevated(SetupOptions options, Duration timeout) throws SandboxException {
        checkMachine();
        new ElevatedSetup(setup.elevation(), ownerOfAccounts(), wineEnforces).run(options.ports(), timeout);
        SetupInspection.Findings findings = inspect();
        ElevatedSetup.checkReadBack(findings, options.ports());
        return new SetupStatus(findings, ImmutableList.of());
    }

    /**
     * The offline account, if a complete set-up is there.
     *
     * @throws SandboxException with SETUP_FAILED if that cannot be told
     */
    Optional<ReadyAccount> readyAccount() throws SandboxException {
        checkMachine();
        return ReadyAccount.read(setup, files, ownerOfAccounts());
    }

    /**
     * Takes everything away.
     *
     * @return what could not be taken away, each with the reason; nothing on Windows
     * @throws SandboxException with SETUP_NOT_ELEVATED, SETUP_BUSY, or SETUP_FAILED and the step; doing it again continues
     */
    public ImmutableList<String> unprovision() throws SandboxException {
        return accounts().unprovision();
    }

    /** What is there. Without an administrator's rights the filters and some others are unknown. */
    public SetupStatus status() throws SandboxException {
        checkMachine();
        return new SetupStatus(inspect(), ImmutableList.of());
    }

    private SetupInspection.Findings inspect() throws SandboxException {
        return new SetupInspection(setup, files, ownerOfAccounts()).inspect();
    }

    /** Whose accounts these are: the user of this process. */
    Sid ownerOfAccounts() throws SandboxException {
        return WindowsSandboxBackend.user(calls);
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
