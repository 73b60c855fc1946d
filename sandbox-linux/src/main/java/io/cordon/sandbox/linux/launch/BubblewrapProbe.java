package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.sandbox.linux.plan.Bubblewrap;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds bubblewrap, and finds out whether it makes namespaces here; in many containers it is not allowed to. */
public final class BubblewrapProbe {
    /** Not the PATH: the program decides about the confinement. */
    private static final ImmutableList<Path> PLACES =
            ImmutableList.of(Path.of("/usr/bin/bwrap"), Path.of("/bin/bwrap"), Path.of("/usr/local/bin/bwrap"));

    private static final int PATIENCE_SECONDS = 10;

    private BubblewrapProbe() {}

    /** What is found; nothing is changed. */
    public static Bubblewrap probe() {
        for (Path place : PLACES) {
            if (Files.isExecutable(place)) {
                return tryOut(place);
            }
        }
        return Bubblewrap.missing("install the package bubblewrap");
    }

    /** Makes the namespaces that every launch will need, and runs a program that does nothing. */
    private static Bubblewrap tryOut(Path program) {
        ImmutableList<String> command = ImmutableList.<String>builder()
                .add(program.toString())
                .addAll(BubblewrapCommand.NAMESPACES)
                .add(
                        "--unshare-net",
                        "--ro-bind",
                        "/",
                        "/",
                        "--proc",
                        "/proc",
                        "--dev",
                        "/dev",
                        "--",
                        "/bin/sh",
                        "-c",
                        ":")
                .build();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            // Not to be interrupted: the answer is kept. What it says is less than a pipe holds.
            if (!exits(process)) {
                process.destroyForcibly();
                return Bubblewrap.missing(
                        "run " + program + " by hand: it did not end within " + PATIENCE_SECONDS + " s");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.exitValue() == 0) {
                return Bubblewrap.at(program);
            }
            return Bubblewrap.missing(
                    "let " + program + " make user namespaces (sysctl kernel.unprivileged_userns_clone, "
                            + "user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns; in a container its "
                            + "seccomp profile): it says '" + said.strip() + "'");
        } catch (IOException e) {
            return Bubblewrap.missing("reinstall the package bubblewrap: " + program + " does not start: " + e);
        }
    }

    private static boolean exits(Process process) {
        try {
            Uninterruptibles.getUninterruptibly(process.onExit(), PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
