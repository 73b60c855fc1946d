package io.cordon.sandbox.windows;

import com.google.common.base.Splitter;
import com.google.common.base.StandardSystemProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.PortRange;
import io.cordon.sandbox.windows.account.SetupInspection;
import io.cordon.sandbox.windows.launch.ArgumentLine;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ElevationCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * {@code cordon-windows provision} in a second JVM of the same Java, with an administrator's rights. Its line names the
 * owner and the opened ports, and nothing secret: the second JVM makes the passwords.
 */
final class ElevatedSetup {
    /** What an ordinary user can see of a set-up; the other parts may be unknown to him. */
    private static final ImmutableSet<String> SEEN =
            ImmutableSet.of("state", "offline account", "online account", "members", "passwords", "hidden");

    private static final String REMEDY =
            "run 'cordon-windows provision --yes' in an elevated prompt (Run as administrator) of this user";

    private final ElevationCalls calls;
    private final Sid owner;
    private final boolean wineEnforces;

    ElevatedSetup(ElevationCalls calls, Sid owner, boolean wineEnforces) {
        this.calls = calls;
        this.owner = owner;
        this.wineEnforces = wineEnforces;
    }

    /** Runs it and turns its end into an error, if it is one. */
    void run(Optional<PortRange> ports, Duration timeout) throws SandboxException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java.exe");
        String line = ArgumentLine.of(arguments(ports, classPath()));
        OptionalInt exitCode;
        try {
            exitCode = calls.runElevated(java.toString(), line, timeout);
        } catch (WindowsFailure e) {
            if (e.code() == WindowsFailure.ERROR_CANCELLED) {
                throw e.as(
                        SandboxErrorCode.SETUP_DECLINED,
                        "the user declined an administrator's rights; ask again when the user agrees, or " + REMEDY);
            }
            throw e.as(SandboxErrorCode.SETUP_FAILED, java + "; " + REMEDY);
        }
        if (exitCode.isEmpty()) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_FAILED,
                    "the elevated set-up still runs after " + timeout.toSeconds()
                            + " s and was left alone; see 'cordon-windows setup-status' later, or allow more time");
        }
        check(exitCode.getAsInt());
    }

    private void check(int exitCode) throws SandboxException {
        switch (exitCode) {
            // LEFT too: what is there in the end is read back, and says more than this number.
            case CordonWindows.DONE, CordonWindows.LEFT -> {}
            case SetupCommand.OTHER_OWNER ->
                throw new SandboxException(
                        SandboxErrorCode.SETUP_OTHER_OWNER,
                        "the elevated set-up ran as another user than " + owner
                                + ", who would own the accounts, and did nothing; let " + owner
                                + " be an administrator while it is set up");
            case SetupCommand.NOT_ELEVATED ->
                throw new SandboxException(
                        SandboxErrorCode.SETUP_NOT_ELEVATED,
                        "the set-up was started elevated and has no administrator's rights; " + REMEDY);
            case SetupCommand.BUSY ->
                throw new SandboxException(
                        SandboxErrorCode.SETUP_BUSY,
                        "another process is setting up or removing the accounts of " + owner
                                + "; wait until it has ended and do it again");
            default ->
                throw new SandboxException(
                        SandboxErrorCode.SETUP_FAILED,
                        "the elevated set-up ended with the exit code " + exitCode + "; to see why, " + REMEDY);
        }
    }

    private ImmutableList<String> arguments(Optional<PortRange> ports, String classPath) {
        ImmutableList.Builder<String> arguments = ImmutableList.builder();
        if (wineEnforces) {
            arguments.add("-D" + WindowsSetup.WINE_PROPERTY + "=true");
        }
        arguments.add("-cp", classPath, CordonWindows.class.getName(), "provision", "--yes");
        arguments.add("--owner", owner.toString());
        ports.ifPresent(range -> arguments.add("--open-ports", range.first() + "-" + range.last()));
        return arguments.build();
    }

    /** That of this JVM in absolute paths, because an elevated program starts in another directory. */
    private static String classPath() throws SandboxException {
        String classPath = StandardSystemProperty.JAVA_CLASS_PATH.value();
        if (classPath == null || classPath.isEmpty()) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_FAILED,
                    "this JVM has no class path that a second one could have; " + REMEDY);
        }
        return Splitter.on(File.pathSeparatorChar)
                .omitEmptyStrings()
                .splitToStream(classPath)
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Believes what is there, and not what the second JVM says. */
    static void checkReadBack(SetupInspection.Findings findings, Optional<PortRange> ports) throws SandboxException {
        String wrong = findings.parts().entrySet().stream()
                .filter(part -> !part.getValue().isEmpty())
                .filter(part -> SEEN.contains(part.getKey())
                        || (part.getKey().equals("filters") && !part.getValue().startsWith("unknown: ")))
                .map(part -> part.getKey() + ": " + part.getValue())
                .collect(Collectors.joining("; "));
        if (wrong.isEmpty() && !findings.ports().equals(ports)) {
            wrong = "the opened ports are " + findings.ports() + " and not " + ports;
        }
        if (!wrong.isEmpty()) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_FAILED,
                    "the elevated set-up has ended and is not complete: " + wrong + "; to see why, " + REMEDY);
        }
    }
}
