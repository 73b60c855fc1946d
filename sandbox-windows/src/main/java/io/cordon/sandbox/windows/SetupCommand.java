package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.AccountNames;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words {@code provision}, {@code setup-status} and {@code unprovision} of {@link CordonWindows}. What changes the machine
 * is explained first, and done if {@code --yes} says so.
 */
final class SetupCommand {
    /** It was explained, and {@code --yes} was not said. */
    static final int NOT_CONFIRMED = 4;

    static final int NOT_ELEVATED = 5;
    static final int OTHER_OWNER = 6;
    static final int BUSY = 7;

    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    private final WindowsSetup setup;
    private final PrintStream out;

    SetupCommand(WindowsSetup setup, PrintStream out) {
        this.setup = setup;
        this.out = out;
    }

    /** What the words ask for. */
    private record Wanted(String word, boolean confirmed, String owner, SetupOptions options) {
        static Wanted of(List<String> words) throws SandboxException {
            boolean confirmed = false;
            String owner = "";
            SetupOptions options = SetupOptions.DEFAULTS;
            for (int i = 1; i < words.size(); i++) {
                switch (words.get(i)) {
                    case "--yes" -> confirmed = true;
                    case "--owner" -> owner = words.get(++i);
                    default -> options = ports(words.get(++i));
                }
            }
            return new Wanted(words.get(0), confirmed, owner, options);
        }

        private static SetupOptions ports(String text) throws SandboxException {
            Matcher ports = PORTS.matcher(text);
            if (!ports.matches()) {
                throw new SandboxException(
                        SandboxErrorCode.SETUP_OPTION_INVALID,
                        "--open-ports " + text + ": write FIRST-LAST, as in 8000-8010");
            }
            return SetupOptions.openLoopbackPorts(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
        }
    }

    /** Whether the words are a command of this class. */
    static boolean takes(List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        List<String> options = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "setup-status" -> options.isEmpty();
            case "unprovision" -> options.isEmpty() || options.equals(List.of("--yes"));
            case "provision" -> isProvision(options);
            default -> false;
        };
    }

    private static boolean isProvision(List<String> options) {
        int i = 0;
        while (i < options.size()) {
            switch (options.get(i)) {
                case "--yes" -> i++;
                case "--open-ports", "--owner" -> i += 2;
                default -> {
                    return false;
                }
            }
        }
        return i == options.size(); // the last one has its value
    }

    /** Runs words that {@link #takes} takes, and returns the exit code. */
    int run(List<String> words) throws SandboxException {
        Wanted wanted = Wanted.of(words);
        if (!wanted.owner.isEmpty()
                && !wanted.owner.equals(setup.ownerOfAccounts().toString())) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_OTHER_OWNER,
                    "this runs as " + setup.ownerOfAccounts() + ", and the accounts are for " + wanted.owner
                            + "; run it as that user");
        }
        return switch (wanted.word) {
            case "setup-status" -> told(setup.status());
            case "provision" -> provision(wanted);
            default -> unprovision(wanted);
        };
    }

    private int told(SetupStatus status) {
        out.print(status);
        return status.isComplete() ? CordonWindows.DONE : CordonWindows.LEFT;
    }

    private int provision(Wanted wanted) throws SandboxException {
        AccountNames names = new AccountNames(setup.ownerOfAccounts());
        out.print("This makes on this machine, for sandboxes of " + names.owner() + ":\n"
                + "  the local group " + names.group() + "\n"
                + "  the accounts " + names.offline() + " (no network) and " + names.online()
                + ", with random passwords"
                + " that only you can decrypt,\n"
                + "    not shown at sign-in, denied to log on by network, remote desktop, batch job or service\n"
                + "  filters of the Windows Filtering Platform that keep " + names.offline() + " from every network"
                + wanted.options
                        .ports()
                        .map(range -> ", but for TCP to the ports " + range.first() + " to " + range.last()
                                + " of this machine")
                        .orElse("")
                + "\n"
                + "It needs an administrator. 'cordon-windows unprovision --yes' takes it all away. "
                + SetupStatus.LIMITS + "\n");
        return wanted.confirmed ? told(setup.provision(wanted.options)) : notConfirmed();
    }

    private int unprovision(Wanted wanted) throws SandboxException {
        AccountNames names = new AccountNames(setup.ownerOfAccounts());
        out.print("This deletes from this machine: the accounts " + names.offline() + " and " + names.online()
                + " with their profiles, their filters, the group " + names.group()
                + " and the kept passwords.\nIt needs an administrator. Close your sandboxes first: what runs as one of the"
                + " accounts runs on, without filters.\n");
        if (!wanted.confirmed) {
            return notConfirmed();
        }
        ImmutableList<String> leftOut = setup.unprovision();
        leftOut.forEach(step -> out.println("left: " + step));
        return leftOut.isEmpty() ? CordonWindows.DONE : CordonWindows.LEFT;
    }

    private int notConfirmed() {
        out.println("Nothing was done. Say --yes to do it.");
        return NOT_CONFIRMED;
    }

    /** The exit code for a failure. */
    static int exitCode(SandboxException failure) {
        return switch (failure.code()) {
            case SETUP_NOT_ELEVATED -> NOT_ELEVATED;
            case SETUP_OTHER_OWNER -> OTHER_OWNER;
            case SETUP_BUSY -> BUSY;
            case SETUP_OPTION_INVALID -> CordonWindows.USAGE;
            default -> CordonWindows.LEFT;
        };
    }
}
