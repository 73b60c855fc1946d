package io.cordon.sandbox.windows.account;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.SetupState.Phase;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.AccountCalls;
import io.cordon.sandbox.windows.win32.FilterCalls;
import io.cordon.sandbox.windows.win32.NetworkFilter;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes an owner's accounts and filters, and takes them away. Every step looks at what is there first: what was stopped
 * anywhere is continued by doing it again.
 */
public final class AccountSetup {
    /**
     * What the accounts may not do. Not SeDenyInteractiveLogonRight: CreateProcessWithLogonW, which starts the broker, needs
     * the right to log on locally (<a
     * href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-createprocesswithlogonw">its page</a>).
     */
    static final ImmutableSet<String> DENIED = ImmutableSet.of(
            "SeDenyNetworkLogonRight",
            "SeDenyRemoteInteractiveLogonRight",
            "SeDenyBatchLogonRight",
            "SeDenyServiceLogonRight");

    private final SetupCalls calls;
    private final SetupFiles files;
    private final AccountNames names;
    private final boolean wine;

    /** @param wine whether this is Wine, where the steps of {@link WineGaps} do not exist and are left out */
    public AccountSetup(SetupCalls calls, SetupFiles files, Sid owner, boolean wine) {
        this.calls = calls;
        this.files = files;
        this.names = new AccountNames(owner);
        this.wine = wine;
    }

    private interface Step {
        void run(WineGaps gaps) throws WindowsFailure, IOException, SandboxException;
    }

    /** Runs steps under the lock of the owner's set-up, and returns what was left out. */
    @SuppressWarnings("try") // the lock is held, and nothing is asked of it
    private ImmutableList<String> run(String purpose, Step step) throws SandboxException {
        WineGaps gaps = new WineGaps(wine);
        try (Closeable lock = lock(purpose)) {
            step.run(gaps);
            return gaps.leftOut();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.SETUP_FAILED, purpose);
        } catch (SandboxException e) {
            throw e;
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.SETUP_FAILED, purpose + " failed: " + e, e);
        }
    }

    /** Two set-ups at once would each see half of what the other makes or removes. */
    private Closeable lock(String purpose) throws IOException, SandboxException {
        return files.lock()
                .orElseThrow(() -> new SandboxException(
                        SandboxErrorCode.SETUP_BUSY,
                        purpose + ": another process is setting up or removing these accounts; wait until it has ended"
                                + " and do it again"));
    }

    /**
     * Makes what is not there yet. The offline account is made disabled and enabled when its filters are there: whatever
     * stops this, it is never usable with an open network.
     *
     * @return what was left out, each with the reason; nothing on Windows
     */
    public ImmutableList<String> provision(Optional<PortRange> ports) throws SandboxException {
        return run("provisioning the accounts of " + names.owner(), gaps -> {
            new SetupState(Phase.PROVISIONING, ports).write(files);
            AccountCalls accounts = calls.accounts();
            checkOurs(names.group(), accounts.groupComment(names.group()));
            if (accounts.groupComment(names.group()).isEmpty()) {
                accounts.addGroup(names.group(), names.comment());
            }
            try (AccountSecrets secrets = secrets()) {
                account(names.online(), gaps);
                Sid offline = account(names.offline(), gaps);
                filters(AccountFilters.wanted(names, offline, ports));
                enable(names.online(), secrets.online());
                enable(names.offline(), secrets.offline());
            }
            new SetupState(Phase.PROVISIONED, ports).write(files);
        });
    }

    /** Those that are kept, else new ones, which are kept before any account has them. */
    private AccountSecrets secrets() throws WindowsFailure, IOException {
        Optional<AccountSecrets> kept;
        try {
            kept = AccountSecrets.read(files, calls.secrets());
        } catch (WindowsFailure e) {
            // Whoever resets the user's password from outside makes DPAPI forget; then new ones are set.
            kept = Optional.empty();
        }
        if (kept.isPresent()) {
            return kept.get();
        }
        AccountSecrets made = AccountSecrets.random();
        try {
            made.write(files, calls.secrets());
            return made;
        } catch (WindowsFailure | IOException e) {
            made.close();
            throw e;
        }
    }

    private void checkOurs(String name, Optional<String> comment) throws SandboxException {
        if (comment.isPresent() && !comment.get().equals(names.comment())) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_FAILED,
                    name + " exists on this machine and is not of Cordon: its comment is '" + comment.get()
                            + "'; rename or delete it");
        }
    }

    /** Makes an account, without a password that anybody knows and disabled, or mends one, but for both of these. */
    private Sid account(String name, WineGaps gaps) throws WindowsFailure, SandboxException {
        AccountCalls accounts = calls.accounts();
        Optional<AccountCalls.User> there = accounts.user(name);
        checkOurs(name, there.map(AccountCalls.User::comment));
        if (there.isEmpty()) {
            accounts.hide(name); // before it is there, so that it is never seen
            char[] unknown = AccountSecrets.password(new SecureRandom());
            try {
                accounts.addUser(name, unknown, names.comment());
            } finally {
                Arrays.fill(unknown, '\0');
            }
        } else if (!accounts.hidden(name)) {
            accounts.hide(name);
        }
        Sid sid = accounts.user(name)
                .orElseThrow(() -> new SandboxException(SandboxErrorCode.SETUP_FAILED, name + " was made and is gone"))
                .sid();
        if (!accounts.members(names.group()).contains(sid)) {
            accounts.addMember(names.group(), sid);
        }
        deny(name, sid, gaps);
        return sid;
    }

    private void deny(String name, Sid sid, WineGaps gaps) throws WindowsFailure, SandboxException {
        AccountCalls accounts = calls.accounts();
        if (accounts.rights(sid).containsAll(DENIED)) {
            return;
        }
        accounts.addRights(sid, DENIED);
        ImmutableSet<String> kept = accounts.rights(sid);
        if (!kept.containsAll(DENIED) && !gaps.passesOver(name, kept)) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_FAILED,
                    name + " is to have the rights " + DENIED + " and has " + kept
                            + " after they were added; see whether a policy of this machine sets them, and do it again");
        }
    }

    private void enable(String name, char[] password) throws WindowsFailure {
        AccountCalls accounts = calls.accounts();
        if (!accounts.user(name).map(AccountCalls.User::enabled).orElse(false)) {
            accounts.enableUser(name);
        }
        if (!logsOn(name, password)) {
            accounts.setPassword(name, password);
        }
    }

    /** Whether this is the password. Whatever else keeps the account from logging on is a failure, and needs no new one. */
    private boolean logsOn(String name, char[] password) throws WindowsFailure {
        try (OwnedHandle token = calls.accounts().logon(name, password)) {
            return token.isOpen();
        } catch (WindowsFailure e) {
            if (e.code() != WindowsFailure.ERROR_LOGON_FAILURE) {
                throw e;
            }
            return false;
        }
    }

    private void filters(ImmutableList<NetworkFilter> wanted) throws WindowsFailure {
        FilterCalls filters = calls.filters();
        try (OwnedHandle engine = filters.openEngine()) {
            filters.begin(engine);
            filters.addProvider(engine, AccountFilters.PROVIDER, "Cordon");
            filters.addSubLayer(engine, AccountFilters.SUBLAYER, AccountFilters.PROVIDER, "Cordon");
            for (UUID key : AccountFilters.keys(names)) {
                Optional<NetworkFilter> want = wanted.stream()
                        .filter(filter -> filter.key().equals(key))
                        .findAny();
                Optional<NetworkFilter> there = filters.filter(engine, key);
                if (!there.equals(want)) {
                    if (there.isPresent()) {
                        filters.deleteFilter(engine, key);
                    }
                    if (want.isPresent()) {
                        filters.addFilter(engine, want.get());
                    }
                }
            }
            filters.commit(engine);
        }
    }

    /**
     * Takes everything away; the file that says so last.
     *
     * @return what was left out, each with the reason; nothing on Windows
     */
    public ImmutableList<String> unprovision() throws SandboxException {
        return run("removing the accounts of " + names.owner(), gaps -> {
            new SetupState(Phase.REMOVING, Optional.empty()).write(files);
            // The accounts before the filters, because the filters are what guards: wherever this is stopped, the
            // offline
            // account has its filters, or is gone.
            remove(names.offline(), gaps);
            remove(names.online(), gaps);
            FilterCalls filters = calls.filters();
            try (OwnedHandle engine = filters.openEngine()) {
                filters.begin(engine);
                for (UUID key : AccountFilters.keys(names)) {
                    filters.deleteFilter(engine, key);
                }
                // Both stay while another owner's filters need them.
                filters.deleteSubLayer(engine, AccountFilters.SUBLAYER);
                filters.deleteProvider(engine, AccountFilters.PROVIDER);
                filters.commit(engine);
            }
            checkOurs(names.group(), calls.accounts().groupComment(names.group()));
            calls.accounts().deleteGroup(names.group());
            files.delete(AccountSecrets.FILE);
            files.delete(SetupState.FILE);
        });
    }

    /** The account last, because the steps before need its SID; disabled first, because they take its denials away. */
    private void remove(String name, WineGaps gaps) throws WindowsFailure, SandboxException {
        AccountCalls accounts = calls.accounts();
        Optional<AccountCalls.User> there = accounts.user(name);
        checkOurs(name, there.map(AccountCalls.User::comment));
        if (there.isPresent()) {
            if (there.get().enabled()) {
                accounts.disableUser(name);
            }
            Sid sid = there.get().sid();
            gaps.deleteProfile(name, () -> accounts.deleteProfile(sid));
            accounts.removeRights(sid);
            accounts.deleteUser(name);
        }
        accounts.unhide(name);
    }
}
