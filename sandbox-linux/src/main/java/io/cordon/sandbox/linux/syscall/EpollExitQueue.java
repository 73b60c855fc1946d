package io.cordon.sandbox.linux.syscall;

import static io.cordon.sandbox.SandboxErrorCode.LAUNCH_FAILED;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.linux.plan.Architecture;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** {@link ExitQueue} of Linux. */
final class EpollExitQueue implements ExitQueue {
    /** The number is the same on every architecture. */
    static final int PIDFD_OPEN = 434;

    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EFD_CLOEXEC = 02000000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN_ONESHOT = 1 | 1 << 30;
    private static final int LARGEST_EVENT = 16;
    /** What stands for {@link #stop}: no process has this id. */
    private static final long STOP = 0;

    /** Where {@code struct epoll_event} has its data: it is packed on x86_64 only. */
    private final int dataOffset;

    private final OwnedFd epoll;
    private final OwnedFd stop;
    private final Map<Integer, OwnedFd> pidfds = new ConcurrentHashMap<>();
    private final Memory awaited = NativeText.cleared(LARGEST_EVENT);

    EpollExitQueue(Architecture architecture) throws NativeStepException {
        dataOffset = architecture == Architecture.X86_64 ? Integer.BYTES : Long.BYTES;
        epoll = new OwnedFd((int) check("epoll_create1", LibC.epoll_create1(EPOLL_CLOEXEC)));
        try {
            stop = new OwnedFd((int) check("eventfd", LibC.eventfd(0, EFD_CLOEXEC)));
        } catch (NativeStepException e) {
            epoll.close();
            throw e;
        }
        try {
            addToEpoll(stop, STOP);
        } catch (NativeStepException e) {
            close();
            throw e;
        }
    }

    @Override
    public void add(int process) throws NativeStepException {
        OwnedFd pidfd =
                new OwnedFd((int) check("pidfd_open(" + process + ")", LibC.syscall(PIDFD_OPEN, process, 0L, 0L, 0L)));
        pidfds.put(process, pidfd);
        try {
            addToEpoll(pidfd, process);
        } catch (NativeStepException e) {
            forget(process);
            throw e;
        }
    }

    private void addToEpoll(OwnedFd descriptor, long data) throws NativeStepException {
        try (Memory event = NativeText.cleared(LARGEST_EVENT)) {
            event.setInt(0, EPOLLIN_ONESHOT);
            event.setLong(dataOffset, data);
            check("epoll_ctl", LibC.epoll_ctl(epoll.number(), EPOLL_CTL_ADD, descriptor.number(), event));
        }
    }

    @Override
    public OptionalInt await() throws NativeStepException {
        while (LibC.epoll_wait(epoll.number(), awaited, 1, -1) < 0) {
            if (Native.getLastError() != Errno.EINTR) {
                check("epoll_wait", -1);
            }
        }
        long process = awaited.getLong(dataOffset);
        if (process == STOP) {
            return OptionalInt.empty();
        }
        forget((int) process);
        return OptionalInt.of((int) process);
    }

    private void forget(int process) {
        OwnedFd pidfd = pidfds.remove(process);
        if (pidfd != null) {
            pidfd.close(); // which takes it out of the epoll set as well
        }
    }

    @Override
    public void stop() throws NativeStepException {
        try (Memory one = NativeText.cleared(Long.BYTES)) {
            one.setLong(0, 1);
            check("write(eventfd)", LibC.write(stop.number(), one, Long.BYTES));
        }
    }

    private static long check(String step, long result) throws NativeStepException {
        return GlibcCalls.check(LAUNCH_FAILED, step, result);
    }

    @Override
    public void close() {
        pidfds.keySet().forEach(this::forget);
        stop.close();
        epoll.close();
        awaited.close();
    }
}
