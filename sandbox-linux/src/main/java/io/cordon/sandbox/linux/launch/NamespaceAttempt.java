package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.plan.LinuxPlan;
import io.cordon.sandbox.linux.plan.NamespaceTrial;
import io.cordon.sandbox.linux.syscall.NativePath;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A shell that bubblewrap starts as it starts every child, and that tries what it must not be able to do. */
final class NamespaceAttempt {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Path PROCESSES = Path.of("/proc/self/ns/pid");
    private static final int O_RDWR = 2;

    /** The exit code is this and the bits of what succeeded; bubblewrap's own failures are smaller. */
    private static final int RAN = 64;

    private static final int CHANGED_OUTSIDE = 1;
    private static final int CHANGED_CARVE_OUT = 2;
    private static final int READ_DENIED = 4;
    private static final int NETWORK = 8;
    private static final int NOT_INSIDE = 16;
    private static final int SHARES_PROCESSES = 32;
    private static final int ALL = 63;

    private static final String SCRIPT = """
            r=%d
            (: > "$1") 2>/dev/null && r=$((r | %d))
            chmod 600 "$1" 2>/dev/null && r=$((r | %d))
            (: >> /proc/sys/kernel/core_pattern) 2>/dev/null && r=$((r | %d))
            (: > "$2/attempt") 2>/dev/null || r=$((r | %d))
            p=$(readlink /proc/self/ns/pid)
            { [ -z "$p" ] || [ "$p" = "$3" ]; } && r=$((r | %d))
            shift 3
            while [ "$1" != -- ]; do [ -w "$1" ] && r=$((r | %d)); shift; done
            shift
            for p; do [ -r "$p" ] && r=$((r | %d)); done
            while read -r name rest; do
              case "$name" in lo:*|*\\||Inter*|face*) ;; *) r=$((r | %d)) ;; esac
            done < /proc/net/dev
            while read -r name value; do
              case "$name $value" in "Seccomp: 2") ;; Seccomp:*) r=$((r | %d)) ;; esac
            done < /proc/self/status
            exit $r
            """.formatted(
                    RAN,
                    CHANGED_OUTSIDE,
                    CHANGED_OUTSIDE,
                    CHANGED_OUTSIDE,
                    NOT_INSIDE,
                    SHARES_PROCESSES,
                    CHANGED_CARVE_OUT,
                    READ_DENIED,
                    NETWORK,
                    NETWORK);

    private final SystemCalls calls;
    private final LinuxPlan plan;
    private final PrivateDirectory directory;

    NamespaceAttempt(SystemCalls calls, LinuxPlan plan, PrivateDirectory directory) {
        this.calls = calls;
        this.plan = plan;
        this.directory = directory;
    }

    NamespaceTrial run(ChildStarter starter) throws SandboxException {
        try (NativePath canary = new NativePath(directory.canary())) {
            Confinement.requireControl(directory.canary(), "opening it for writing", calls.tryOpenForWriting(canary));
            Confinement.requireControl(directory.canary(), "changing its mode", calls.tryChangingMode(canary));
        }
        int code = code(starter);
        if (code < RAN || code > RAN + ALL) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "a shell that bubblewrap started ended with code " + code + " before it could try the confinement; "
                            + "run " + plan.facts().bubblewrap().program().orElseThrow() + " by hand to see why");
        }
        if ((code - RAN & NOT_INSIDE) != 0) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "a shell that bubblewrap started could not write " + directory.temp()
                            + "; set java.io.tmpdir to a directory that is not beneath a denied one");
        }
        return new NamespaceTrial(
                (code & CHANGED_OUTSIDE) != 0,
                (code & CHANGED_CARVE_OUT) != 0,
                (code & READ_DENIED) != 0,
                (code & NETWORK) != 0,
                (code & SHARES_PROCESSES) != 0);
    }

    private int code(ChildStarter starter) throws SandboxException {
        ImmutableList.Builder<String> arguments = ImmutableList.<String>builder()
                .add(
                        "sh",
                        "-c",
                        SCRIPT,
                        "sh",
                        directory.canary().toString(),
                        directory.temp().toString(),
                        ownProcesses());
        present(plan.carveOuts(), arguments);
        arguments.add("--");
        present(plan.denyRead(), arguments);
        try (OwnedFd nothing = calls.open(NOTHING, O_RDWR, 0)) {
            int process = starter.start(
                    SHELL,
                    arguments.build(),
                    ImmutableMap.of("PATH", "/usr/bin:/bin"),
                    Path.of("/"),
                    new ChildStarter.Streams(nothing.number(), nothing.number(), nothing.number()));
            return calls.reap(process);
        }
    }

    private static String ownProcesses() throws SandboxException {
        try {
            return Files.readSymbolicLink(PROCESSES).toString();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, PROCESSES + " cannot be read: " + e + "; mount /proc", e);
        }
    }

    private static void present(Set<Path> paths, ImmutableList.Builder<String> arguments) {
        paths.stream().filter(Files::exists).map(Path::toString).forEach(arguments::add);
    }
}
