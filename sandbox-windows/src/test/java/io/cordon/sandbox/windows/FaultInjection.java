package io.cordon.sandbox.windows;

import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.ContainerCalls;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.HostCalls;
import io.cordon.sandbox.windows.win32.HostPipe;
import io.cordon.sandbox.windows.win32.JobCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.PipeCalls;
import io.cordon.sandbox.windows.win32.ProcessCalls;
import io.cordon.sandbox.windows.win32.SurfaceCalls;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands between the backend and Windows, or a fake of it: counts the calls, fails one of them instead of making it, and
 * remembers every handle and every process that came back. A fake knows itself what is left of its processes.
 */
final class FaultInjection {
    /** ERROR_GEN_FAILURE, which none of the calls returns by itself. */
    static final int CODE = 31;

    /** What {@link #failed} is as long as none was failed. */
    static final String NONE = "none";

    private volatile int failAt;
    /** Whose calls are counted and failed. */
    private final Predicate<Thread> counted;

    private final boolean made;
    private final AtomicInteger count = new AtomicInteger();
    private final ThreadLocal<Integer> countHere = ThreadLocal.withInitial(() -> 0);
    private final List<OwnedHandle> handles = new CopyOnWriteArrayList<>();
    private final List<HostPipe> pipes = new CopyOnWriteArrayList<>();
    private final List<Integer> processes = new CopyOnWriteArrayList<>();
    private volatile String failName = "";
    private volatile boolean failOnce;
    private volatile String failed = NONE;
    private volatile List<String> callers = List.of();

    /** Fails the call with this number; the first one is 1, and 0 fails none. */
    FaultInjection(int failAt) {
        this(failAt, thread -> true);
    }

    private FaultInjection(int failAt, Predicate<Thread> counted) {
        this(failAt, counted, false);
    }

    private FaultInjection(int failAt, Predicate<Thread> counted, boolean made) {
        this.failAt = failAt;
        this.counted = counted;
        this.made = made;
    }

    /** Counts the calls of the calling thread only, whatever threads in the background do meanwhile. */
    static FaultInjection onThisThread(int failAt) {
        return new FaultInjection(failAt, Predicate.isEqual(Thread.currentThread()));
    }

    /** Makes the call and then says that it failed, if it returns nothing: as if it had failed halfway. */
    static FaultInjection halfway(int failAt) {
        return new FaultInjection(failAt, thread -> true, true);
    }

    /** Fails every call of this name, but by the calling thread: which of several comes first there is left to chance. */
    static FaultInjection ofOtherThreads(String name) {
        FaultInjection faults = new FaultInjection(
                0, Predicate.<Thread>isEqual(Thread.currentThread()).negate());
        faults.failName = name;
        return faults;
    }

    /** Fails the call that comes as the {@code n}th from now on; how many there were before can differ each time. */
    void failFromNow(int n) {
        failAt = count.get() + n;
    }

    /** Fails the next call of this name, and no other. */
    void failNext(String name) {
        failOnce = true;
        failName = name;
    }

    void failNoMore() {
        failAt = 0;
    }

    NativeCalls around(NativeCalls real) {
        return new NativeCalls(
                proxy(HostCalls.class, real.host()),
                proxy(TokenCalls.class, real.tokens()),
                proxy(JobCalls.class, real.jobs()),
                proxy(FileCalls.class, real.files()),
                proxy(PipeCalls.class, real.pipes()),
                proxy(ProcessCalls.class, real.processes()),
                proxy(SurfaceCalls.class, real.surfaces()),
                proxy(ContainerCalls.class, real.containers()));
    }

    BrokerCalls around(BrokerCalls real) {
        return proxy(BrokerCalls.class, real);
    }

    int count() {
        return count.get();
    }

    /** How many of the calls the calling thread has made. */
    int countHere() {
        return countHere.get();
    }

    /** The call that was failed. */
    String failed() {
        return failed;
    }

    /** Whether a method of this class was making that call. */
    boolean failedIn(Class<?> type) {
        return callers.contains(type.getName());
    }

    List<OwnedHandle> openHandles() {
        return handles.stream().filter(OwnedHandle::isOpen).toList();
    }

    List<HostPipe> openPipes() {
        return pipes.stream().filter(FaultInjection::isOpen).toList();
    }

    private static boolean isOpen(HostPipe pipe) {
        try {
            pipe.available();
            return true;
        } catch (WindowsFailure e) {
            return e.code() != WindowsFailure.ERROR_OPERATION_ABORTED;
        }
    }

    List<Integer> liveProcesses() {
        return processes.stream().filter(Sleepers::isAlive).toList();
    }

    private <T> T proxy(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call(real, method, arguments)));
    }

    private Object call(Object real, Method method, Object[] arguments) throws Throwable {
        // What says no failure cannot fail, but for attempts, whose outcome is their value.
        boolean canFail = method.getName().startsWith("attempt") || method.getExceptionTypes().length > 0;
        if (canFail && counted.test(Thread.currentThread())) {
            countHere.set(countHere.get() + 1);
            if (count.incrementAndGet() == failAt || method.getName().equals(failName)) {
                failed = method.getName();
                failName = failOnce ? "" : failName;
                callers = StackWalker.getInstance()
                        .walk(frames ->
                                frames.map(StackWalker.StackFrame::getClassName).toList());
                if (method.getExceptionTypes().length == 0) {
                    return CODE;
                }
                if (made && method.getReturnType() == void.class) {
                    invoke(real, method, arguments);
                }
                throw new WindowsFailure(method.getName(), CODE, "injected");
            }
        }
        Object result = invoke(real, method, arguments);
        remember(result);
        if (result instanceof BrokerCalls.Ends ends) {
            return new BrokerCalls.Ends(proxy(HostPipe.class, ends.in()), proxy(HostPipe.class, ends.out()));
        }
        return result;
    }

    private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void remember(Object result) {
        if (result instanceof OwnedHandle handle) {
            handles.add(handle);
        } else if (result instanceof Optional<?> optional) {
            optional.ifPresent(this::remember);
        } else if (result instanceof SurfaceCalls.Desktop desktop) {
            handles.add(desktop.handle());
        } else if (result instanceof PipeCalls.Pipe pipe) {
            pipes.add(pipe.host());
            handles.add(pipe.child());
        } else if (result instanceof ProcessCalls.Suspended child) {
            handles.add(child.process());
            handles.add(child.thread());
            processes.add(child.pid());
        }
    }
}
