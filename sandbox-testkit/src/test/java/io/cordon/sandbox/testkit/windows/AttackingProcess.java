package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A confined child JVM that does what it is told, line by line, and answers each with a code. */
final class AttackingProcess implements Attacker {
    private static final long SECONDS = 60;

    private final WindowsLauncher launcher;
    private final WindowsProcess process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private AttackingProcess(WindowsLauncher launcher, WindowsProcess process) {
        this.launcher = launcher;
        this.process = process;
        this.commands = new PrintStream(process.stdin(), true, StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.stdout(), StandardCharsets.UTF_8));
    }

    /**
     * Starts one.
     *
     * @param library a directory with the native library of JNA, which a child cannot unpack into the temp directory
     *     without being seen by the comparison
     */
    static AttackingProcess start(NativeCalls calls, TokenShape token, Path library) throws Exception {
        WindowsLauncher launcher = WindowsLauncher.open(
                calls, ChildShape.of(token, JobLimits.of(OptionalInt.empty(), OptionalLong.empty()), true));
        ImmutableList<String> command = ImmutableList.of(
                Path.of(System.getProperty("java.home"), "bin", "java.exe").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx64m",
                "-Djna.nounpack=true",
                "-Djna.boot.library.path=" + library,
                "-cp",
                System.getProperty("java.class.path"),
                AttackingProcess.class.getName());
        TreeMap<String, String> environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        environment.putAll(System.getenv());
        String temp = VirtualVolume.toPath(Scenario.TEMP).toString();
        environment.put("TEMP", temp);
        environment.put("TMP", temp);
        ImmutableMap<String, String> variables = ImmutableMap.copyOf(environment);
        try {
            LaunchRequest request = LaunchRequest.of(command, library, variables);
            return new AttackingProcess(launcher, launcher.launch(request, variables));
        } catch (Exception e) {
            launcher.close();
            throw e;
        }
    }

    /** Puts the native library of JNA into a directory. */
    static Path unpackLibrary(Path directory) throws IOException {
        try (InputStream library =
                AttackingProcess.class.getResourceAsStream("/com/sun/jna/win32-x86-64/jnidispatch.dll")) {
            if (library == null) {
                throw new IOException("JNA has no library for this system");
            }
            Files.copy(library, directory.resolve("jnidispatch.dll"));
        }
        return directory;
    }

    @Override
    public int perform(String line) throws IOException {
        commands.println(line);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the confined process ended: "
                    + new String(process.stderr().readAllBytes(), StandardCharsets.UTF_8));
        }
        return Integer.parseInt(answer);
    }

    @Override
    public void close() throws IOException, WindowsFailure {
        try (launcher) {
            commands.close();
            Uninterruptibles.getUninterruptibly(process.exit(), SECONDS, TimeUnit.SECONDS);
            answers.close();
            process.stderr().close();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the confined process did not end", e);
        }
    }

    /** The child. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(Win32Attack.perform(line));
        }
    }
}
