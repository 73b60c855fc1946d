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
import java.io.IOException;
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

    /** @param wine whether this is Wine, where some of the steps do not exist and are left out */
    public AccountSetup(SetupCalls calls, SetupFiles files, Sid owner, boolean wine) {
        this.calls = calls;
        this.files = files;
        this.names = new AccountNames(owner);
        this.wine = wine;
    }

    private interface Step {
        void run() throws WindowsFailure, IOException, SandboxException;
    }

    private static void run(String purpose, Step step) throws SandboxException {
        try {
            step.run();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.SETUP_FAILED, purpose);
        } catch (SandboxException e) {
            throw e;
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.SETUP_FAILED, purpose + " failed: " + e, e);
        }
    }

    /** Makes what is not there yet. */
    public void provision(Optional<PortRange> ports) throws SandboxException {
        run("provisioning the accounts of " + names.owner(), () -> {
            new SetupState(Phase.PROVISIONING, ports).write(files);
            AccountCalls accounts = calls.accounts();
            checkOurs(names.group(), accounts.groupComment(names.group()));
            if (accounts.groupComment(names.group()).isEmpty()) {
                accounts.addGroup(names.group(), names.comment());
            }
            try (AccountSecrets secrets = secrets()) {
                account(names.online(), secrets.online());
                Sid offline = account(names.offline(), secrets.offline());
                filters(AccountFilters.wanted(names, offline, ports));
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

    private Sid account(String name, char[] password) throws WindowsFailure, SandboxException {
        AccountCalls accounts = calls.accounts();
        Optional<AccountCalls.User> there = accounts.user(name);
        checkOurs(name, there.map(AccountCalls.User::comment));
        if (there.isEmpty()) {
            accounts.hide(name); // before it is there, so that it is never seen
            accounts.addUser(name, password, names.comment());
        } else {
            if (!there.get().enabled()) {
                accounts.enableUser(name);
            }
            if (!accounts.hidden(name)) {
                accounts.hide(name);
            }
        }
        Sid sid = accounts.user(name)
                .orElseThrow(() -> new SandboxException(SandboxErrorCode.SETUP_FAILED, name + " was made and is gone"))
                .sid();
        if (!accounts.members(names.group()).contains(sid)) {
            accounts.addMember(names.group(), sid);
        }
        deny(sid);
        if (!logsOn(name, password)) {
            accounts.setPassword(name, password);
        }
        return sid;
    }

    private void deny(Sid sid) throws WindowsFailure {
        try {
            if (!calls.accounts().rights(sid).containsAll(DENIED)) {
                calls.accounts().addRights(sid, DENIED);
            }
        } catch (WindowsFailure e) {
            if (!wine) {
                throw e;
            }
        }
    }

    private boolean logsOn(String name, char[] password) {
        try (OwnedHandle token = calls.accounts().logon(name, password)) {
            return token.isOpen();
        } catch (WindowsFailure e) {
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
     * Takes everything away: first the accounts, so that none is ever there without its filters; the file that says so
     * last.
     */
    public void unprovision() throws SandboxException {
        run("removing the accounts of " + names.owner(), () -> {
            new SetupState(Phase.REMOVING, Optional.empty()).write(files);
            remove(names.offline());
            remove(names.online());
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

    /** The account last, because the steps before need its SID. */
    private void remove(String name) throws WindowsFailure, SandboxException {
        AccountCalls accounts = calls.accounts();
        Optional<AccountCalls.User> there = accounts.user(name);
        checkOurs(name, there.map(AccountCalls.User::comment));
        if (there.isPresent()) {
            try {
                accounts.deleteProfile(there.get().sid());
                accounts.removeRights(there.get().sid());
            } catch (WindowsFailure e) {
                if (!wine) {
                    throw e;
                }
            }
            accounts.deleteUser(name);
        }
        accounts.unhide(name);
    }
}
