package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A Windows in memory, as far as launching needs one, for tests on any system. It counts what is open, and it fails like
 * Windows where it is misused. What it shows is about the code above {@link NativeCalls}; about Windows it shows nothing.
 *
 * <p>Its monitor guards everything that belongs to it, and is notified of every change: a call that waits, waits for it.
 * To add a call, implement it in the {@code Fake...Calls} of its interface.
 */
public final class FakeWindows {
    /** The level of the host, which is Medium. */
    public static final int HOST_LEVEL = IntegrityLevel.MEDIUM.rid();

    /** As long as no test takes, and shorter than their limits. */
    private static final Duration FOREVER = Duration.ofSeconds(20);

    final FakeHandles handles = new FakeHandles(this);

    private final FakeFileCalls files = new FakeFileCalls(this);
    private final FakeHostCalls host = new FakeHostCalls();
    private final FakeContainerCalls containers = new FakeContainerCalls(this);
    private final NativeCalls calls = new NativeCalls(
            host,
            new FakeTokenCalls(this),
            new FakeJobCalls(this),
            files,
            new FakePipeCalls(this),
            new FakeProcessCalls(this),
            new FakeSurfaceCalls(this),
            containers);

    private final List<FakeProcess> processes = new ArrayList<>();
    private final List<FakePipe> pipes = new ArrayList<>();
    private final Map<Thread, FakeToken> impersonating = new HashMap<>();
    private final List<String> misuse = new ArrayList<>();

    private FakeProgram program = child -> 0;
    private OptionalInt startLevel = OptionalInt.empty();
    private boolean jobListIgnored;
    private boolean processLimitIgnored;
    boolean elevated;
    private boolean restrictionIgnored;
    private boolean containerIgnored;

    /** The calls into this Windows. */
    public NativeCalls calls() {
        return calls;
    }

    // What it is told to do

    /** What processes run from now on. */
    public FakeWindows runs(FakeProgram newProgram) {
        synchronized (this) {
            program = newProgram;
            return this;
        }
    }

    /** Starts processes at this level, whatever is in their token, as stock Wine does. */
    public FakeWindows startsAt(int level) {
        synchronized (this) {
            startLevel = OptionalInt.of(level);
            return this;
        }
    }

    /** Starts processes outside of the jobs that they are created in. */
    public FakeWindows ignoresJobLists() {
        synchronized (this) {
            jobListIgnored = true;
            return this;
        }
    }

    /** Starts processes without the restricting SIDs of their token. */
    public FakeWindows ignoresRestrictions() {
        synchronized (this) {
            restrictionIgnored = true;
            return this;
        }
    }

    /** Has AppContainers. */
    public FakeWindows hasContainers() {
        synchronized (this) {
            containers.available = true;
            return this;
        }
    }

    /** Starts processes outside of the AppContainers that they are created in. */
    public FakeWindows ignoresContainers() {
        synchronized (this) {
            containerIgnored = true;
            return this;
        }
    }

    /** Lets AppContainers connect to wherever they like. */
    public FakeWindows leavesTheNetworkOpen() {
        synchronized (this) {
            containers.networkOpen = true;
            return this;
        }
    }

    /** The JVM has a console, at which somebody may sit. */
    public FakeWindows hasConsole() {
        host.console = true;
        return this;
    }

    /** The JVM runs with an administrator's rights in force. */
    public FakeWindows elevated() {
        synchronized (this) {
            elevated = true;
            return this;
        }
    }

    /** Lets more processes into a job than its limit says, as stock Wine does. */
    public FakeWindows ignoresProcessLimits() {
        synchronized (this) {
            processLimitIgnored = true;
            return this;
        }
    }

    /** Its files, to put some there and to look at them. */
    public FakeFiles files() {
        return files;
    }

    // What it has seen

    /** Every handle, pipe, process and impersonation that is still there, a line each. */
    public synchronized ImmutableList<String> left() {
        ImmutableList.Builder<String> left = ImmutableList.builder();
        left.addAll(handles.describe());
        pipes.stream().filter(FakePipe::isHostOpen).forEach(pipe -> left.add("the host's end of a pipe"));
        processes.stream().filter(process -> !process.isEnded()).forEach(process -> left.add(process.toString()));
        containers.profiles.forEach(name -> left.add("the profile " + name));
        impersonating.keySet().stream()
                .filter(Thread::isAlive)
                .forEach(thread -> left.add("a thread that impersonates: " + thread.getName()));
        return left.build();
    }

    /** What Windows would not have forgiven, a line each; closing twice is forgiven by {@link OwnedHandle} only. */
    public synchronized ImmutableList<String> misuse() {
        return ImmutableList.copyOf(misuse);
    }

    /** All processes that were ever created. */
    public synchronized ImmutableList<FakeProcess> processes() {
        return ImmutableList.copyOf(processes);
    }

    // For its parts

    static WindowsFailure failure(String function, int code) {
        return new WindowsFailure(function, code, "of the fake");
    }

    synchronized void misused(String how) {
        misuse.add(how);
    }

    FakePipe newPipe() {
        FakePipe pipe = new FakePipe(this);
        pipes.add(pipe);
        return pipe;
    }

    FakeProcess newProcess(FakeToken token, FakeJob job, ProcessCalls.Start start, ImmutableList<FakeStream> streams) {
        Optional<ContainerShape> container = containerIgnored ? Optional.empty() : start.container();
        int level = container.isPresent() ? IntegrityLevel.LOW.rid() : token.level();
        FakeToken own = token.ofProcess(startLevel.orElse(level), !restrictionIgnored);
        own.container = container.map(ContainerShape::packageSid);
        FakeProcess process = new FakeProcess(this, own, program, start, streams);
        processes.add(process);
        if (!jobListIgnored) {
            job.add(process);
        }
        return process;
    }

    /** In no job, and without standard handles. */
    FakeProcess newProcess(FakeToken token, FakeProgram own, ProcessCalls.Start start) {
        FakeProcess process = new FakeProcess(this, token, own, start, ImmutableList.of());
        processes.add(process);
        return process;
    }

    boolean admits(FakeJob job) {
        return processLimitIgnored || !job.isFull();
    }

    void impersonate(FakeToken token) {
        impersonating.put(Thread.currentThread(), token);
    }

    void revert() {
        impersonating.remove(Thread.currentThread());
    }

    /** Whether this thread acts with the token of an AppContainer. */
    boolean actsInContainer() {
        FakeToken token = impersonating.get(Thread.currentThread());
        return token != null && token.container.isPresent();
    }

    /** Waits for a change, or for nothing: the caller looks for it in a loop; false when the time is up. */
    @SuppressWarnings("WaitNotInLoop")
    boolean awaitChangeUntil(long deadline) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            return false;
        }
        try {
            wait(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    /**
     * Waits for a change, which an interrupt does not shorten: system calls know none. A wait that would never end is a
     * mistake of whoever waits, and does end.
     */
    void awaitChange() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + FOREVER.toNanos();
        long patience = FOREVER.toMillis();
        while (true) {
            try {
                wait(patience);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                patience = 1; // the change may have come together with the interrupt
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (System.nanoTime() >= deadline) {
            misused("a call waited for ever");
            throw new IllegalStateException("nothing has changed for " + FOREVER + ": this call would wait for ever");
        }
    }
}
