package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Labelled roots, a private directory, and the processes that run with them. */
final class WindowsPreparedSandbox implements PreparedSandbox {
    private final EnforcementReport enforcement;
    private final WindowsLauncher launcher;
    private final PrivateDirectory directory;
    private final ImmutableList<RootLabel> roots;
    private final OpenRoots openRoots;
    private final WindowsPlaces places;

    private final Set<WindowsProcess> running = ConcurrentHashMap.newKeySet();
    /** Launching shares it, closing excludes: no process starts that closing does not see. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    WindowsPreparedSandbox(
            EnforcementReport enforcement,
            WindowsLauncher launcher,
            PrivateDirectory directory,
            ImmutableList<RootLabel> roots,
            OpenRoots openRoots,
            WindowsPlaces places) {
        this.enforcement = enforcement;
        this.launcher = launcher;
        this.directory = directory;
        this.roots = roots;
        this.openRoots = openRoots;
        this.places = places;
    }

    @Override
    public EnforcementReport enforcement() {
        return enforcement;
    }

    @Override
    public LaunchedProcess launch(LaunchRequest request) throws SandboxException {
        open.readLock().lock();
        try {
            if (closed) {
                throw new SandboxException(
                        SandboxErrorCode.SANDBOX_CLOSED,
                        "the sandbox is closed; open another one for " + request.program());
            }
            WindowsProcess process = launcher.launch(request, environment(request.environment()));
            running.add(process);
            var unused = process.exit().whenComplete((code, failure) -> running.remove(process));
            return process;
        } finally {
            open.readLock().unlock();
        }
    }

    /** The request's variables, with the private temp directory, and with what no program starts without. */
    private ImmutableMap<String, String> environment(Map<String, String> requested) {
        Map<String, String> environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        environment.put("SystemRoot", places.systemRoot().toString());
        environment.putAll(requested);
        for (String name : ImmutableList.of("TEMP", "TMP", "TMPDIR")) {
            environment.remove(name); // with the spelling that it had
            environment.put(name, directory.temp().toString());
        }
        return ImmutableMap.copyOf(environment);
    }

    @Override
    public void close() throws SandboxException {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            open.writeLock().unlock();
        }
        CloseFailure failure = new CloseFailure();
        // Processes first: what follows must not race with them.
        for (WindowsProcess process : ImmutableList.copyOf(running)) {
            failure.collect(process::end);
        }
        for (RootLabel root : roots) {
            failure.collect(() -> openRoots.release(root));
        }
        failure.collect(directory::delete);
        failure.throwIfAny();
    }

    /** The first failure of several steps, each of which is done whatever the others did. */
    private static final class CloseFailure {
        private interface Step {
            void run() throws SandboxException;
        }

        private @Nullable SandboxException first;

        void collect(Step step) {
            try {
                step.run();
            } catch (SandboxException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }

        void throwIfAny() throws SandboxException {
            if (first != null) {
                throw first;
            }
        }
    }
}
