package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxEvent.Attested;
import io.cordon.sandbox.SandboxEvent.Closed;
import io.cordon.sandbox.SandboxEvent.Edited;
import io.cordon.sandbox.SandboxEvent.Opened;
import io.cordon.sandbox.SandboxEvent.Planned;
import io.cordon.sandbox.SandboxEvent.Refused;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.Preparation;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.SandboxBackend;
import java.lang.System.Logger;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A machine that is prepared to run commands under one policy.
 *
 * <pre>{@code
 * try (Sandbox sandbox = Sandbox.open(SandboxPolicy.workspaceWrite(workspace))) {
 *     SandboxResult result = sandbox.run("sh", "-c", "make test");
 * }
 * }</pre>
 *
 * <p>Opening fails unless every capability that the policy requests is enforced, or its gaps are accepted by name with
 * {@link SandboxPolicy.Builder#acceptPartial(Capability...)} or
 * {@link SandboxPolicy.Builder#bestEffort(Capability...)}. Nothing ever runs unconfined instead. Closing ends every
 * process that was started here. Safe for use by several threads.
 */
public final class Sandbox implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Sandbox.class.getPackageName());

    private final SandboxPolicy policy;
    private final PreparedSandbox prepared;
    private final EnforcementReport enforcement;
    private final DecisionLog decisions;
    private final EventFeed events;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Sandbox(
            SandboxPolicy policy,
            PreparedSandbox prepared,
            EnforcementReport enforcement,
            DecisionLog decisions,
            EventFeed events) {
        this.policy = policy;
        this.prepared = prepared;
        this.enforcement = enforcement;
        this.decisions = decisions;
        this.events = events;
    }

    /**
     * Opens a sandbox with the backend that works on this machine.
     *
     * @throws UnenforceablePolicyException if the machine does not enforce what the policy asks for
     * @throws SandboxException if no backend works here, a root is missing or forbidden, or a step fails; then nothing
     *     is left behind
     */
    public static Sandbox open(SandboxPolicy policy) throws SandboxException {
        return open(policy, SandboxOptions.DEFAULT);
    }

    /**
     * Opens a sandbox with the given backend.
     *
     * @throws SandboxException as {@link #open(SandboxPolicy)}
     */
    public static Sandbox open(SandboxPolicy policy, SandboxBackend backend) throws SandboxException {
        return open(policy, SandboxOptions.builder().backend(backend).build());
    }

    /**
     * Opens a sandbox with the given backend, and with the given proxy if the policy names hosts.
     *
     * @throws SandboxException as {@link #open(SandboxPolicy)}
     */
    public static Sandbox open(SandboxPolicy policy, SandboxBackend backend, NetworkProxyProvider proxies)
            throws SandboxException {
        return open(
                policy,
                SandboxOptions.builder().backend(backend).proxies(proxies).build());
    }

    /**
     * Opens a sandbox with these options.
     *
     * @throws SandboxException as {@link #open(SandboxPolicy)}
     */
    public static Sandbox open(SandboxPolicy policy, SandboxOptions options) throws SandboxException {
        EventFeed events = new EventFeed(options.listener());
        long started = System.nanoTime();
        try {
            SandboxBackend backend =
                    options.backend().isPresent() ? options.backend().get() : BackendSelection.select();
            Sandbox sandbox = open(policy, backend, options.proxies().orElseGet(ProxySelection::new), events);
            events.tell(
                    new Opened(events.sandbox(), sandbox.enforcement, Duration.ofNanos(System.nanoTime() - started)));
            return sandbox;
        } catch (UnenforceablePolicyException e) {
            events.tell(new Refused(events.sandbox(), e.code(), e.unmet()));
            throw e;
        } catch (SandboxException e) {
            events.tell(new Refused(events.sandbox(), e.code(), ImmutableList.of()));
            throw e;
        }
    }

    private static Sandbox open(
            SandboxPolicy policy, SandboxBackend backend, NetworkProxyProvider proxies, EventFeed events)
            throws SandboxException {
        EnforcementReport expected = backend.plan(policy).expected();
        events.tell(new Planned(events.sandbox(), backend.name(), expected));
        // What cannot hold even on paper is refused before the host is touched.
        EnforcementReport unused = requireEnforced(policy, backend, expected);
        DecisionLog decisions = new DecisionLog();
        PreparedSandbox prepared = ProxiedSandbox.prepare(policy, backend, proxies, decisions::add);
        try {
            Preparation took = prepared.preparation();
            events.tell(new Edited(events.sandbox(), took.edits(), took.editing()));
            events.tell(new Attested(events.sandbox(), prepared.enforcement(), took.attestation()));
            EnforcementReport enforced = requireEnforced(policy, backend, prepared.enforcement());
            return new Sandbox(policy, prepared, enforced, decisions, events);
        } catch (SandboxException | RuntimeException | Error e) {
            try {
                prepared.close();
            } catch (SandboxException | RuntimeException failedClose) {
                e.addSuppressed(failedClose);
            }
            throw e;
        }
    }

    private static EnforcementReport requireEnforced(
            SandboxPolicy policy, SandboxBackend backend, EnforcementReport answers)
            throws UnenforceablePolicyException {
        // A report that was made for another policy would not hold what this one requests.
        EnforcementReport report =
                ProxiedSandbox.honest(policy, backend, EnforcementReport.of(policy, answers.entries()));
        var unmet = report.unmet(policy);
        if (!unmet.isEmpty()) {
            throw new UnenforceablePolicyException(backend.name(), unmet);
        }
        return report;
    }

    /**
     * What opening a sandbox for this policy would do and enforce here, for a person to read. Changes nothing.
     *
     * @throws SandboxException if no backend works here, or a root is missing or forbidden
     */
    public static String explain(SandboxPolicy policy) throws SandboxException {
        SandboxBackend backend = BackendSelection.select();
        BackendPlan plan = backend.plan(policy);
        return plan.explain() + "\n" + ProxiedSandbox.honest(policy, backend, plan.expected());
    }

    /**
     * What this machine enforces, and what to do about what it does not: opens and closes a sandbox for some policies, in
     * a directory of its own. The command {@link CordonDoctor} prints it.
     */
    public static Diagnosis doctor() {
        return Doctor.examine(BackendSelection.all());
    }

    /**
     * Undoes what sandboxes whose processes are gone, because they crashed or were killed, left behind on this machine.
     * Opening a sandbox does the same first. Sandboxes that are open are not touched.
     *
     * @return what was undone, and what could not be
     * @throws SandboxException if no backend works here, or what is left behind cannot be found out
     */
    public static CleanUpReport recover() throws SandboxException {
        return BackendSelection.select().recover();
    }

    /**
     * Undoes what a backend was told to keep on a root when its sandbox closes, so that the next one opens faster.
     *
     * @return what was undone, and what could not be
     * @throws SandboxException if a sandbox with that root is open, no backend works here, or what was kept cannot be
     *     found out
     */
    public static CleanUpReport cleanUp(Path root) throws SandboxException {
        return BackendSelection.select().cleanUp(root);
    }

    /** The policy. */
    public SandboxPolicy policy() {
        return policy;
    }

    /** What was seen to be enforced when this sandbox was opened, capability by capability. */
    public EnforcementReport enforcement() {
        return enforcement;
    }

    /** A builder for a process in this sandbox; its directory is the policy's first writable root, if there is one. */
    public SandboxedProcessBuilder process(String... command) {
        return builder().command(command);
    }

    /** A builder for a process in this sandbox. */
    public SandboxedProcessBuilder process(List<String> command) {
        return builder().command(command);
    }

    /** A builder for a shell in this sandbox that runs a script; see {@link Shell} for what each shell makes of it. */
    public SandboxedProcessBuilder process(Shell shell, String script) {
        return builder().shell(shell, script);
    }

    private SandboxedProcessBuilder builder() {
        return new SandboxedProcessBuilder(Launcher.in(this), policy);
    }

    /**
     * Runs a command to its end; see {@link SandboxedProcessBuilder#run()}.
     *
     * @throws SandboxException if the command cannot be started
     * @throws InterruptedException if the calling thread is interrupted; the tree is ended
     */
    public SandboxResult run(String... command) throws SandboxException, InterruptedException {
        return process(command).run();
    }

    /**
     * Runs a command to its end; see {@link SandboxedProcessBuilder#run()}.
     *
     * @throws SandboxException if the command cannot be started
     * @throws InterruptedException if the calling thread is interrupted; the tree is ended
     */
    public SandboxResult run(List<String> command) throws SandboxException, InterruptedException {
        return process(command).run();
    }

    /**
     * Runs a script to its end; see {@link Shell} and {@link SandboxedProcessBuilder#run()}.
     *
     * @throws SandboxException if the shell cannot be started, or cannot be given this script
     * @throws InterruptedException if the calling thread is interrupted; the tree is ended
     */
    public SandboxResult run(Shell shell, String script) throws SandboxException, InterruptedException {
        return process(shell, script).run();
    }

    /**
     * The charset of a code page of this machine, for reading the streams of a process; {@link
     * SandboxedProcessBuilder#run()} decodes with {@link SandboxedProcessBuilder#charset(CodePage)}.
     *
     * @throws SandboxException with {@link SandboxErrorCode#CHARSET_UNAVAILABLE} if this JVM has no charset for it
     */
    public Charset charset(CodePage codePage) throws SandboxException {
        return prepared.charset(codePage);
    }

    /**
     * Places that {@link SandboxPolicy#denyWrite} protects, that did not exist when this sandbox was opened, and that
     * exist now: what is not there cannot be protected, only noticed. Looked for when this is called.
     */
    public ImmutableList<Path> violations() {
        return prepared.violations();
    }

    /**
     * What the proxy made of the last 1,000 connections that processes of this sandbox asked for, oldest first; empty
     * unless the policy names hosts. Also after {@link #close}. All of them are events of Java Flight Recorder.
     */
    public ImmutableList<NetworkDecision> networkDecisions() {
        return decisions.recent();
    }

    LaunchedProcess launch(LaunchRequest request) throws SandboxException {
        if (closed.get()) {
            throw new SandboxException(
                    SandboxErrorCode.SANDBOX_CLOSED,
                    "the sandbox is closed; open another one for " + request.program());
        }
        LaunchedProcess process = prepared.launch(request);
        events.launched(process, request.program());
        return process;
    }

    /** Connects a process with this sandbox. */
    ProcessWatch watch() {
        return new ProcessWatch() {
            @Override
            public ImmutableList<Path> violations() {
                return Sandbox.this.violations();
            }

            @Override
            public void timedOut(long pid) {
                events.timedOut(pid);
            }

            @Override
            public void finished(long pid, SandboxResult result) {
                events.finished(pid, result);
            }
        };
    }

    /**
     * Ends every process that was started here and undoes what opening did. Closing again does nothing.
     *
     * @throws SandboxException if something could not be undone; the message says what
     */
    @Override
    public void close() throws SandboxException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            prepared.close();
            events.tell(new Closed(events.sandbox(), ""));
        } catch (SandboxException e) {
            events.tell(new Closed(events.sandbox(), e.code().name()));
            throw e;
        }
    }

    /** For a sandbox that nobody but its process knows of, so that there is nobody to throw at. */
    void closeQuietly() {
        try {
            close();
        } catch (SandboxException e) {
            LOG.log(Logger.Level.WARNING, "closing a sandbox failed", e);
        }
    }
}
