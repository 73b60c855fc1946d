package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.linux.plan.Bubblewrap;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

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
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return Bubblewrap.at(program);
            }
            process.destroyForcibly();
            return Bubblewrap.missing(
                    "let " + program + " make user namespaces (sysctl kernel.unprivileged_userns_clone, "
                            + "user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns; in a container its "
                            + "seccomp profile): it says '" + said.strip() + "'");
        } catch (IOException e) {
            return Bubblewrap.missing("reinstall the package bubblewrap: " + program + " does not start: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Bubblewrap.missing("try again: the thread was interrupted while " + program + " was tried");
        }
    }
}
