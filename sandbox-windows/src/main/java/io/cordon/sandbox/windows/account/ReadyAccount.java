package io.cordon.sandbox.windows.account;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.SetupState.Phase;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.AccountCalls;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.util.Optional;

/**
 * The offline account of an owner whose set-up is complete, for whoever starts something as it. Immutable; it is what was
 * there when it was read.
 */
public final class ReadyAccount {
    /** What is known of the filters that keep the account off the network. */
    public enum FilterHealth {
        /** Each is there and as it was made. That they hold anybody back is for an attempt to show. */
        AS_WANTED,
        /** One is missing or different: the account must not be used. */
        WRONG,
        /** They could not be read, as by an ordinary user: nothing may be claimed of them before an attempt was made. */
        UNKNOWN
    }

    private final SetupCalls calls;
    private final SetupFiles files;
    private final SandboxAccount account;
    private final FilterHealth filterHealth;
    private final String filterProblem;

    private ReadyAccount(
            SetupCalls calls,
            SetupFiles files,
            SandboxAccount account,
            FilterHealth filterHealth,
            String filterProblem) {
        this.calls = calls;
        this.files = files;
        this.account = account;
        this.filterHealth = filterHealth;
        this.filterProblem = filterProblem;
    }

    /**
     * Looks, and changes nothing.
     *
     * @return empty if nothing is provisioned, or a set-up was stopped, or the account is gone, disabled or somebody else's
     * @throws SandboxException with SETUP_FAILED if that cannot be told
     */
    public static Optional<ReadyAccount> read(SetupCalls calls, SetupFiles files, Sid owner) throws SandboxException {
        AccountNames names = new AccountNames(owner);
        try {
            Optional<SetupState> state = SetupState.read(files);
            if (state.isEmpty() || state.get().phase() != Phase.PROVISIONED) {
                return Optional.empty();
            }
            Optional<AccountCalls.User> user = calls.accounts().user(names.offline());
            if (user.isEmpty() || !user.get().enabled() || !user.get().comment().equals(names.comment())) {
                return Optional.empty();
            }
            return Optional.of(read(
                    calls,
                    files,
                    names,
                    new SandboxAccount(names.offline(), user.get().sid()),
                    state.get().ports()));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.SETUP_FAILED, "reading the set-up of " + owner);
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_FAILED,
                    "reading the set-up of " + owner + " failed: " + e.getMessage()
                            + "; provision again, which writes it anew",
                    e);
        }
    }

    private static ReadyAccount read(
            SetupCalls calls, SetupFiles files, AccountNames names, SandboxAccount account, Optional<PortRange> ports) {
        String problem;
        FilterHealth health;
        try {
            problem = AccountFilters.difference(calls.filters(), names, account.sid(), ports);
            health = problem.isEmpty() ? FilterHealth.AS_WANTED : FilterHealth.WRONG;
        } catch (WindowsFailure e) {
            problem = String.valueOf(e.getMessage());
            health = FilterHealth.UNKNOWN;
        }
        return new ReadyAccount(calls, files, account, health, problem);
    }

    /** The account without a network. */
    public SandboxAccount account() {
        return account;
    }

    /** The SID of {@link #account}. */
    public Sid sid() {
        return account.sid();
    }

    /** What is known of its filters. */
    public FilterHealth filterHealth() {
        return filterHealth;
    }

    /** What is wrong with the filters, or why that is unknown; empty if they are as wanted. */
    public String filterProblem() {
        return filterProblem;
    }

    /**
     * The account's password, decrypted anew each time. The caller wipes it.
     *
     * @throws SandboxException with SETUP_FAILED if it is not kept, or this user cannot decrypt it
     */
    public char[] password() throws SandboxException {
        String purpose = "the password of " + account.name();
        try (AccountSecrets secrets = AccountSecrets.read(files, calls.secrets())
                .orElseThrow(() -> new SandboxException(
                        SandboxErrorCode.SETUP_FAILED,
                        purpose + " is not kept; provision again, which sets a new one"))) {
            return secrets.offline().clone();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.SETUP_FAILED, purpose + ", which provisioning again sets anew if it is lost");
        } catch (SandboxException e) {
            throw e;
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.SETUP_FAILED, purpose + " cannot be read: " + e, e);
        }
    }
}
