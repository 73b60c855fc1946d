package io.cordon.examples.demo;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What the steps of all systems have in common. */
abstract class Steps {
    /** The variable that the demo is started with, and that no child is to see. */
    static final String TOKEN = "DEMO_API_TOKEN";

    private static final String CLASS_PATH = System.getProperty("java.class.path");
    /** How long a process may take to end. */
    static final long PATIENCE_SECONDS = 5;

    private final Listeners listeners;

    Steps(Listeners listeners) {
        this.listeners = listeners;
    }

    static Steps forThisSystem(Listeners listeners) {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        return windows ? new WindowsSteps(listeners) : new UnixSteps(listeners);
    }

    /** All steps, honest work first. */
    abstract ImmutableList<Step> all();

    /** What cannot be shown on this machine, and why. */
    abstract ImmutableList<String> leftOut();

    /** Prepares a stage for the steps with the tools of this machine. */
    abstract void prepare(Stage stage) throws IOException, InterruptedException;

    Step connectsByTcp() {
        return Step.attack(
                "connect by TCP to a local server",
                Capability.NETWORK,
                stage -> probe("tcp", listeners.tcpPort()),
                this::reached);
    }

    Step sendsByUdp() {
        return Step.attack(
                "send by UDP to a local server",
                Capability.NETWORK,
                stage -> probe("udp", listeners.udpPort()),
                this::reached);
    }

    String tcpPort() {
        return listeners.tcpPort();
    }

    boolean reached(Stage stage, Step.Execution execution) {
        return listeners.reachedSinceLastAsked() > 0;
    }

    /** The command of a Java child of the demo itself. */
    static List<String> probe(String... arguments) {
        return Stream.concat(Stream.of(java("java"), "-cp", CLASS_PATH, Probe.class.getName()), Stream.of(arguments))
                .toList();
    }

    /** A tool of the JDK that the demo runs on. */
    static String java(String tool) {
        String suffix = File.separatorChar == '\\' ? ".exe" : "";
        return Path.of(System.getProperty("java.home"), "bin", tool + suffix).toString();
    }

    /** A Java compiler: that of the JDK, or, on a Java without one, Eclipse's. */
    static List<String> compiler() {
        String javac = java("javac");
        return Files.exists(Path.of(javac))
                ? List.of(javac)
                : List.of(java("java"), "-cp", CLASS_PATH, "org.eclipse.jdt.internal.compiler.batch.Main", "-17");
    }

    /** Whether git can be started here. */
    static boolean hasGit() {
        try {
            return new ProcessBuilder("git", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether a process that wrote its id into this file of the workspace is still there, some time after. */
    static Step.Effect survives(String pidFile) {
        return (stage, execution) -> {
            String written = Stage.content(stage.workspace().resolve(pidFile)).strip();
            if (written.isEmpty()) {
                throw new IllegalStateException("the process did not say its id: " + execution);
            }
            var process = ProcessHandle.of(Long.parseLong(written));
            if (process.isEmpty()) {
                return false;
            }
            try {
                process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return false;
            } catch (TimeoutException e) {
                process.get().destroyForcibly();
                process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS); // its directory is deleted next
                return true;
            }
        };
    }
}
