package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.CodePage;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.Preparation;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.windows.launch.CodePages;
import io.cordon.sandbox.windows.launch.ConfinedProcess;
import io.cordon.sandbox.windows.launch.Launcher;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.win32.HostCalls;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Labelled roots, a private directory, and the processes that run with them. */
final class WindowsPreparedSandbox implements PreparedSandbox {
    private final EnforcementReport enforcement;
    private final Preparation preparation;
    private final Launcher launcher;
    private final HostCalls host;
    private final Path systemRoot;
    private final ImmutableMap<String, String> given;
    private final ImmutableList<Path> missing;
    private final Undo undo;

    private final Set<ConfinedProcess> running = ConcurrentHashMap.newKeySet();
    /** Launching shares it, closing excludes: no process starts that closing does not see. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    /**
     * A sandbox.
     *
     * @param given variables that its processes get whatever a request says, such as TEMP
     * @param missing protected places that do not exist
     * @param undo what closing takes back
     */
    WindowsPreparedSandbox(
            EnforcementReport enforcement,
            Preparation preparation,
            Launcher launcher,
            HostCalls host,
            Path systemRoot,
            ImmutableMap<String, String> given,
            ImmutableList<Path> missing,
            Undo undo) {
        this.enforcement = enforcement;
        this.preparation = preparation;
        this.launcher = launcher;
        this.host = host;
        this.systemRoot = systemRoot;
        this.given = given;
        this.missing = missing;
        this.undo = undo;
    }

    @Override
    public EnforcementReport enforcement() {
        return enforcement;
    }

    @Override
    public Preparation preparation() {
        return preparation;
    }

    @Override
    public ImmutableList<Path> violations() {
        return missing.stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .collect(ImmutableList.toImmutableList());
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
            ConfinedProcess process = launcher.launch(request, environment(request.environment()));
            running.add(process);
            var unused = process.exit().whenComplete((code, failure) -> running.remove(process));
            return process;
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public Charset charset(CodePage codePage) throws SandboxException {
        return CodePages.charset(
                switch (codePage) {
                    case ANSI -> host.ansiCodePage();
                    case OEM -> host.oemCodePage();
                });
    }

    /** The request's variables, with the private temp directory, and with what no program starts without. */
    private ImmutableMap<String, String> environment(Map<String, String> requested) {
        Map<String, String> environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        environment.put("SystemRoot", systemRoot.toString());
        environment.putAll(requested);
        given.forEach((name, value) -> {
            environment.remove(name); // with the spelling that it had
            environment.put(name, value);
        });
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
        // The steps that are added last are run first: what follows must not race with processes.
        for (ConfinedProcess process : running) {
            undo.add("ending process " + process.pid(), process::end);
        }
        undo.close();
    }
}
