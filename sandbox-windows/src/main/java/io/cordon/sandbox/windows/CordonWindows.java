package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.Layer;
import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.edit.Place;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ContainerCalls;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command {@code cordon-windows status | recover | cleanup [ROOT] | help}: shows what sandboxes of this user have
 * changed on this machine, and takes it back. It needs no administrator; one who runs it sees his own sandboxes only,
 * because the journal lies in {@code %LOCALAPPDATA%\\Cordon} of each user. And {@code provision | setup-status | unprovision},
 * see {@link WindowsSetup}, of which the first and the last need an administrator, explain what they do, and do it only if
 * told {@code --yes}.
 *
 * <pre>java -cp ... io.cordon.sandbox.windows.CordonWindows status</pre>
 *
 * <p>Exit codes: {@value #DONE} if it was done and nothing is left behind, {@value #LEFT} if something is left behind or
 * a step failed, {@value #USAGE} if the arguments are wrong, {@value #NOT_HERE} if this is no machine for it. Those of a
 * set-up: {@value #DONE} if it is complete or gone, {@value #LEFT} if a part is missing, unknown or left,
 * {@value SetupCommand#NOT_CONFIRMED} if {@code --yes} was not said, {@value SetupCommand#NOT_ELEVATED} without an administrator's
 * rights, {@value SetupCommand#OTHER_OWNER} if this is not the user of {@code --owner}, {@value SetupCommand#BUSY} if another set-up
 * runs. A failure is one line on the error stream that begins with its {@link SandboxErrorCode}.
 */
public final class CordonWindows {
    static final int DONE = 0;
    static final int LEFT = 1;
    static final int USAGE = 2;
    static final int NOT_HERE = 3;

    private static final String HELP = """
            cordon-windows status           what sandboxes of this user have changed, and who needs it
            cordon-windows recover          takes back what sandboxes left behind whose process is gone
            cordon-windows cleanup [ROOT]   takes back what was kept of this root, or of every root
            cordon-windows help             this text
            Exit code: 0 nothing is left behind, 1 something is, 2 wrong arguments, 3 not on this machine

            cordon-windows provision [--yes] [--open-ports FIRST-LAST] [--owner SID]
                                            makes accounts and network filters for sandboxes; needs an administrator
            cordon-windows setup-status     what of them is there
            cordon-windows unprovision [--yes]
                                            takes them away; needs an administrator
            Exit code: 0 complete, or gone, 1 a part is missing, unknown or left, 2 wrong arguments,
            3 not on this machine, 4 without --yes nothing was done, 5 not elevated, 6 not the user of --owner,
            7 another set-up is running
            """;

    private final FileCalls files;
    private final ContainerCalls containers;
    private final Sid user;
    private final WindowsPlaces places;
    private final Owners owners;
    private final PrintStream out;

    /**
     * The command on a machine.
     *
     * @param user who made the changes, and undoes them
     * @param owners tells which processes still run
     */
    CordonWindows(
            FileCalls files,
            ContainerCalls containers,
            Sid user,
            WindowsPlaces places,
            Owners owners,
            PrintStream out) {
        this.files = files;
        this.containers = containers;
        this.user = user;
        this.places = places;
        this.owners = owners;
        this.out = out;
    }

    /** See the class. */
    @SuppressWarnings("SystemOut") // it is what a command is for
    public static void main(String[] arguments) {
        int exitCode = main(System.out, System.err, arguments);
        System.out.flush();
        System.exit(exitCode);
    }

    static int main(PrintStream out, PrintStream err, String... arguments) {
        List<String> words = List.of(arguments);
        if (words.equals(List.of("help"))) {
            out.print(HELP);
            return DONE;
        }
        if (!isUsage(words)) {
            err.print(HELP);
            return USAGE;
        }
        BackendProbe probe = new WindowsSandboxBackend().probe();
        if (!probe.available()) {
            err.println(SandboxErrorCode.BACKEND_UNAVAILABLE + ": " + probe.detail());
            return NOT_HERE;
        }
        if (SetupCommand.takes(words)) {
            try {
                return new SetupCommand(WindowsSetup.ofThisUser(), out).run(words);
            } catch (SandboxException e) {
                err.println(line(e));
                return SetupCommand.exitCode(e);
            }
        }
        try {
            NativeCalls calls = NativeCalls.windows();
            return new CordonWindows(
                            calls.files(),
                            calls.containers(),
                            WindowsSandboxBackend.user(calls),
                            WindowsPlaces.ofThisJvm(),
                            Owners.SYSTEM,
                            out)
                    .run(words);
        } catch (SandboxException e) {
            err.println(line(e));
            return LEFT;
        }
    }

    private static boolean isUsage(List<String> words) {
        return words.equals(List.of("status"))
                || words.equals(List.of("recover"))
                || SetupCommand.takes(words)
                || (!words.isEmpty() && words.get(0).equals("cleanup") && words.size() <= 2);
    }

    private static String line(SandboxException failure) {
        // which begins with the code
        return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Runs a command that {@link #main} takes, and returns the exit code. */
    int run(List<String> words) throws SandboxException {
        if (!Files.isDirectory(places.home().resolve("journal"))) {
            out.println("no sandbox of this user has changed anything: there is no journal in " + places.home());
            return DONE;
        }
        try (RegisterTransaction register = new EditRegister(places.home()).begin()) {
            return switch (words.get(0)) {
                case "status" -> new StampStatus(register, owners).print(out) ? DONE : LEFT;
                case "recover" -> told(new LeftBehind(files, containers, places, user).undo(register));
                default -> told(words.size() == 2 ? cleanUp(register, root(words.get(1))) : cleanUpAll(register));
            };
        }
    }

    private int told(CleanUpReport report) {
        out.print(report);
        return report.isClean() ? DONE : LEFT;
    }

    private static Path root(String text) throws SandboxException {
        try {
            return WindowsSandboxBackend.real(Path.of(text));
        } catch (InvalidPathException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "cleanup " + text + ": that is no path; name a directory", e);
        }
    }

    private CleanUpReport cleanUp(RegisterTransaction register, Path root) throws SandboxException {
        return new LeftBehind(files, containers, places, user).undoKept(register, root);
    }

    /** Roots that are in use stay, and do not keep the others from being cleaned. */
    private CleanUpReport cleanUpAll(RegisterTransaction register) throws SandboxException {
        ImmutableSet.Builder<Path> roots = ImmutableSet.builder();
        for (Layer layer : register.layers()) {
            if (layer.header().lifetime() == Lifetime.PERSISTENT) {
                layer.header().places().stream()
                        .filter(Place::writable)
                        .forEach(place -> roots.add(Path.of(place.path())));
            }
        }
        List<String> undone = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Path root : roots.build()) {
            try {
                CleanUpReport report = cleanUp(register, root);
                undone.addAll(report.undone());
                left.addAll(report.left());
            } catch (SandboxException e) {
                left.add(line(e));
            }
        }
        return CleanUpReport.of(undone, left);
    }
}
