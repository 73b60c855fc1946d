package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Kinds of confined children, which differ in their tokens. */
enum TokenKind {
    /** Level 0x1800, which is the default. */
    LOW,
    /** Write-restricted at Medium. No sandbox has it; it shows what a level adds. */
    RESTRICTED,
    /** Both, which is the hardened option. */
    BOTH;

    /** Something that runs such children. */
    interface Runner extends AutoCloseable {
        /** All that the command writes, with the line ends of Linux. */
        String run(List<String> command) throws Exception;

        /** The temp directory of its children. */
        Path temp();

        @Override
        void close() throws SandboxException;
    }

    boolean isLow() {
        return this != RESTRICTED;
    }

    boolean isRestricted() {
        return this != LOW;
    }

    Runner open(Path root) throws Exception {
        return switch (this) {
            case LOW -> new InSandbox(Sandbox.open(WindowsJvm.policy(root).build()));
            case RESTRICTED -> OnlyRestricted.open(root);
            case BOTH ->
                new InSandbox(Sandbox.open(
                        WindowsJvm.policy(root).build(), new WindowsSandboxBackend(PlanOptions.WRITE_RESTRICTED)));
        };
    }

    private record InSandbox(Sandbox sandbox) implements Runner {
        @Override
        public String run(List<String> command) throws Exception {
            SandboxResult result = sandbox.run(command);
            return (result.stdout().text() + result.stderr().text()).replace("\r", "");
        }

        @Override
        public Path temp() {
            try {
                return Path.of(run(ImmutableList.of("cmd.exe", "/d", "/c", "echo %TEMP%"))
                        .strip());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws SandboxException {
            sandbox.close();
        }
    }

    /** The pieces of a sandbox, put together without a level. */
    private record OnlyRestricted(
            WindowsLauncher launcher, Path root, Path temp, ImmutableMap<String, String> environment, Undo undo)
            implements Runner {
        private static Sid user(NativeCalls calls) throws WindowsFailure {
            try (OwnedHandle own = calls.tokens().ownToken()) {
                return Sid.decode(calls.tokens().user(own));
            }
        }

        static OnlyRestricted open(Path root) throws Exception {
            NativeCalls calls = NativeCalls.windows();
            WindowsPlaces places = WindowsPlaces.ofThisJvm();
            try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
                SandboxEdits edits = SandboxEdits.open(
                        calls.files(),
                        calls.containers(),
                        new EditRegister(places.home()),
                        places,
                        user(calls),
                        new HostPlanner(
                                calls,
                                places,
                                WindowsJvm.policy(root).build(),
                                PlanOptions.WRITE_RESTRICTED,
                                new Counted(StampProgress.NONE)),
                        Lifetime.SESSION);
                undo.add("taking the edits back", edits::close);
                PrivateDirectory directory = edits.directory();
                TokenShape token = new TokenShape(
                        IntegrityLevel.MEDIUM, edits.opened().plan().token().restricting());
                WindowsLauncher launcher = WindowsLauncher.open(
                        calls, ChildShape.of(token, JobLimits.of(OptionalInt.empty(), OptionalLong.empty()), true));
                undo.add("closing the launcher", launcher::close);
                TreeMap<String, String> environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                environment.putAll(System.getenv());
                environment.put("TEMP", directory.temp().toString());
                environment.put("TMP", directory.temp().toString());
                return new OnlyRestricted(
                        launcher,
                        root,
                        directory.temp(),
                        ImmutableMap.copyOf(environment),
                        undo.release(SandboxErrorCode.CLOSE_FAILED));
            }
        }

        @Override
        public String run(List<String> command) throws Exception {
            LaunchRequest request = new LaunchRequest(
                    ImmutableList.copyOf(command),
                    Optional.empty(),
                    root,
                    environment,
                    Redirect.PIPE,
                    Redirect.PIPE,
                    Redirect.PIPE,
                    true,
                    Optional.empty());
            WindowsProcess process = launcher.launch(request, environment);
            process.stdin().close();
            String output = new String(process.stdout().readAllBytes(), StandardCharsets.UTF_8);
            process.stdout().close();
            int unused = process.exit().get(60, TimeUnit.SECONDS);
            return output.replace("\r", "");
        }

        @Override
        public void close() throws SandboxException {
            undo.close();
        }
    }
}
