package io.cordon.sandbox.linux.launch;

import com.google.common.base.Stopwatch;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.mediate.Supervisor;
import io.cordon.sandbox.linux.plan.Barrier;
import io.cordon.sandbox.linux.plan.LinuxPlan;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.Preparation;
import io.cordon.sandbox.spi.PreparedSandbox;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A launcher thread that is confined as a plan says, and the children that it started. */
public final class LinuxSandbox implements PreparedSandbox {
    /** Tells a program that it is sandboxed, and Cordon which processes belong to a child. */
    private static final String MARK = "CORDON_SANDBOX";

    private final SystemCalls calls;
    private final ImmutableSet<Path> writableRoots;
    private final PrivateDirectory directory;
    private final LauncherThread launcher;
    private final ChildStarter starter;
    private final boolean inNamespace;
    private final ImmutableList<Path> missingCarveOuts;
    private final Optional<Supervisor> supervisor;
    private final ExitWatcher exitWatcher;
    private final EnforcementReport enforcement;
    private final Preparation preparation;
    private final Set<LinuxProcess> running = new HashSet<>();
    private boolean closed;

    private LinuxSandbox(
            LinuxPlan plan,
            SystemCalls calls,
            PrivateDirectory directory,
            LauncherThread launcher,
            ChildStarter starter,
            Optional<Supervisor> supervisor,
            EnforcementReport enforcement,
            Preparation preparation,
            ExitWatcher exitWatcher) {
        this.calls = calls;
        this.writableRoots = ImmutableSet.<Path>builder()
                .addAll(plan.writableRoots())
                .add(directory.temp())
                .build();
        this.directory = directory;
        this.launcher = launcher;
        this.exitWatcher = exitWatcher;
        this.starter = starter;
        this.missingCarveOuts = plan.carveOuts().stream()
                .filter(plan.facts().missing()::contains)
                .collect(ImmutableList.toImmutableList());
        this.inNamespace = plan.barrier() == Barrier.BUBBLEWRAP;
        this.supervisor = supervisor;
        this.enforcement = enforcement;
        this.preparation = preparation;
    }

    /**
     * Confines a new launcher thread.
     *
     * @throws SandboxException if a step fails; then the thread has ended and the directory is deleted
     */
    public static LinuxSandbox prepare(LinuxPlan plan, SystemCalls calls) throws SandboxException {
        PrivateDirectory directory = PrivateDirectory.create(plan.writableRoots());
        LauncherThread launcher = new LauncherThread();
        try (Confinement confinement = Confinement.of(plan, directory.temp(), calls)) {
            ChildStarter starter = new ChildStarter(calls, launcher, plan, directory);
            Stopwatch trying = Stopwatch.createStarted();
            Confinement.Confined confined = confinement.applyOn(launcher, directory.canary());
            try {
                EnforcementReport enforcement = confined.trial().isPresent()
                        ? plan.observed(confined.trial().get())
                        : plan.observed(new NamespaceAttempt(calls, plan, directory).run(starter));
                trying.stop();
                return new LinuxSandbox(
                        plan,
                        calls,
                        directory,
                        launcher,
                        starter,
                        confined.supervisor(),
                        enforcement,
                        new Preparation(0, Duration.ZERO, trying.elapsed()),
                        ExitWatcher.start(calls));
            } catch (SandboxException | RuntimeException | OutOfMemoryError e) {
                confined.supervisor().ifPresent(Supervisor::close);
                throw e;
            }
        } catch (SandboxException | RuntimeException | Error e) { // such as that there are no more threads
            launcher.close();
            try {
                directory.close();
            } catch (SandboxException failedClose) {
                e.addSuppressed(failedClose);
            }
            throw e;
        }
    }

    @Override
    public EnforcementReport enforcement() {
        return enforcement;
    }

    /** Nothing is edited here. */
    @Override
    public Preparation preparation() {
        return preparation;
    }

    @Override
    public ImmutableList<Path> violations() {
        return missingCarveOuts.stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public synchronized LaunchedProcess launch(LaunchRequest asked) throws SandboxException {
        if (closed) {
            throw new SandboxException(
                    SandboxErrorCode.SANDBOX_CLOSED, "the sandbox is closed; open another one for " + asked.program());
        }
        if (asked.terminal().isPresent()) {
            throw new SandboxException(
                    SandboxErrorCode.TERMINAL_UNAVAILABLE,
                    "a terminal for " + asked.program() + ": the Linux backend makes no pseudo terminals yet; start it "
                            + "without terminal(...), or wrap it in a program that makes one");
        }
        LaunchRequest request = ShellCommand.resolve(asked);
        Path program = ProgramLookup.find(request);
        String mark = UUID.randomUUID().toString();
        try (ChildStreams streams = ChildStreams.open(calls, writableRoots, request)) {
            long started = System.nanoTime();
            int pid = starter.start(
                    program,
                    request.command(),
                    environment(request, mark),
                    request.directory(),
                    new ChildStarter.Streams(streams.stdin(), streams.stdout(), streams.stderr()));
            LinuxProcess process = new LinuxProcess(
                    calls, pid, new ProcessTree(pid, MARK + "=" + mark, started, inNamespace), streams);
            watch(process);
            streams.started();
            return process;
        }
    }

    private ImmutableMap<String, String> environment(LaunchRequest request, String mark) {
        Map<String, String> environment = new HashMap<>(request.environment());
        for (String name : Set.of("TMPDIR", "TMP", "TEMP")) {
            environment.put(name, directory.temp().toString());
        }
        environment.put(MARK, mark);
        return ImmutableMap.copyOf(environment);
    }

    private void watch(LinuxProcess process) throws SandboxException {
        running.add(process);
        var unused = process.exit().whenComplete((code, failure) -> forget(process));
        try {
            exitWatcher.watch((int) process.pid(), process);
        } catch (SandboxException e) { // it must not run without one who ends it
            running.remove(process);
            process.endTreeAndReap();
            throw e;
        }
    }

    private synchronized void forget(LinuxProcess process) {
        running.remove(process);
    }

    @Override
    public void close() throws SandboxException {
        CompletableFuture<?>[] exits;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running.forEach(LinuxProcess::kill);
            exits = running.stream().map(LinuxProcess::exit).toArray(CompletableFuture<?>[]::new);
        }
        launcher.close();
        CompletableFuture.allOf(exits).exceptionally(failure -> null).join();
        supervisor.ifPresent(Supervisor::close);
        try {
            exitWatcher.close();
        } finally {
            directory.close();
        }
    }
}
