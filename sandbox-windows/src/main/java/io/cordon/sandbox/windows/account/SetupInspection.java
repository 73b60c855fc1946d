package io.cordon.sandbox.windows.account;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.account.SetupState.Phase;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.AccountCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a set-up and changes nothing. */
public final class SetupInspection {
    /**
     * What there is.
     *
     * @param parts what should hold, each with why it does not; an empty text means that it holds
     * @param ports the opened ports of the loopback interface
     */
    public record Findings(
            ImmutableMap<String, String> parts,
            Optional<SandboxAccount> offline,
            Optional<SandboxAccount> online,
            Optional<PortRange> ports) {}

    private final SetupCalls calls;
    private final SetupFiles files;
    private final AccountNames names;
    private final ImmutableMap.Builder<String, String> parts = ImmutableMap.builder();

    public SetupInspection(SetupCalls calls, SetupFiles files, Sid owner) {
        this.calls = calls;
        this.files = files;
        this.names = new AccountNames(owner);
    }

    private interface Question {
        String problem() throws WindowsFailure, IOException;
    }

    private void ask(String part, Question question) {
        String problem;
        try {
            problem = question.problem();
        } catch (WindowsFailure | IOException e) {
            problem = "unknown: " + e.getMessage();
        }
        parts.put(part, problem);
    }

    /** Asks for everything. */
    public Findings inspect() {
        Optional<SetupState> state = state();
        Optional<SandboxAccount> offline = account("offline account", names.offline());
        Optional<SandboxAccount> online = account("online account", names.online());
        ask(
                "members",
                () -> calls.accounts().groupComment(names.group()).isEmpty()
                        ? "there is no group " + names.group()
                        : members(offline, online));
        ask("passwords", this::passwords);
        ask("denied logons", () -> deniedLogons(offline, online));
        ask(
                "hidden",
                () -> calls.accounts().hidden(names.offline())
                                && calls.accounts().hidden(names.online())
                        ? ""
                        : "the sign-in screen would show an account");
        ask(
                "filters",
                () -> offline.isEmpty() || state.isEmpty()
                        ? "no account that they could be of"
                        : AccountFilters.difference(
                                calls.filters(),
                                names,
                                offline.get().sid(),
                                state.get().ports()));
        return new Findings(parts.buildOrThrow(), offline, online, state.flatMap(SetupState::ports));
    }

    private Optional<SetupState> state() {
        Optional<SetupState> state = Optional.empty();
        try {
            state = SetupState.read(files);
            parts.put(
                    "state",
                    state.isEmpty()
                            ? "nothing was provisioned"
                            : state.get().phase() == Phase.PROVISIONED
                                    ? ""
                                    : "stopped while " + state.get().phase());
        } catch (IOException e) {
            parts.put("state", "unknown: " + e.getMessage());
        }
        return state;
    }

    private Optional<SandboxAccount> account(String part, String name) {
        List<SandboxAccount> found = new ArrayList<>();
        ask(part, () -> {
            Optional<AccountCalls.User> user = calls.accounts().user(name);
            if (user.isEmpty()) {
                return "there is no account " + name;
            }
            if (!user.get().comment().equals(names.comment())) {
                return name + " is not of Cordon: its comment is '" + user.get().comment() + "'";
            }
            found.add(new SandboxAccount(name, user.get().sid()));
            return user.get().enabled() ? "" : name + " is disabled";
        });
        return found.stream().findFirst();
    }

    private String members(Optional<SandboxAccount> offline, Optional<SandboxAccount> online) throws WindowsFailure {
        ImmutableSet.Builder<Sid> wanted = ImmutableSet.builder();
        offline.ifPresent(account -> wanted.add(account.sid()));
        online.ifPresent(account -> wanted.add(account.sid()));
        ImmutableSet<Sid> members = calls.accounts().members(names.group());
        return members.equals(wanted.build()) ? "" : "the group " + names.group() + " has the members " + members;
    }

    private String passwords() throws WindowsFailure, IOException {
        Optional<AccountSecrets> kept = AccountSecrets.read(files, calls.secrets());
        if (kept.isEmpty()) {
            return "no passwords are kept";
        }
        try (AccountSecrets secrets = kept.get();
                OwnedHandle offline = calls.accounts().logon(names.offline(), secrets.offline());
                OwnedHandle online = calls.accounts().logon(names.online(), secrets.online())) {
            return offline.isOpen() && online.isOpen() ? "" : "no token";
        }
    }

    private String deniedLogons(Optional<SandboxAccount> offline, Optional<SandboxAccount> online)
            throws WindowsFailure {
        for (Optional<SandboxAccount> account : List.of(offline, online)) {
            if (account.isEmpty()) {
                return "an account is missing";
            }
            ImmutableSet<String> rights = calls.accounts().rights(account.get().sid());
            if (!rights.containsAll(AccountSetup.DENIED)) {
                return account.get().name() + " is denied these only: " + rights;
            }
        }
        return "";
    }
}
