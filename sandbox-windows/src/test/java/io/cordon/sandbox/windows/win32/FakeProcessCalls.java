package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

final class FakeProcessCalls implements ProcessCalls {
    private static final int ERROR_INVALID_PARAMETER = 87;
    private static final int ERROR_PRIVILEGE_NOT_HELD = 1314;
    private static final int ERROR_NOT_ENOUGH_QUOTA = 1816;

    /** Every fake process has the id of a process that lives as long as the test does: the launcher asks the JVM for it. */
    private static final int PID = (int) ProcessHandle.current().pid();

    private final FakeWindows windows;

    FakeProcessCalls(FakeWindows windows) {
        this.windows = windows;
    }

    @Override
    public Suspended create(OwnedHandle token, OwnedHandle job, Start start) throws WindowsFailure {
        String function = "CreateProcessAsUserW";
        synchronized (windows) {
            FakeToken primary = windows.handles.resolve(token, FakeToken.class, function);
            FakeJob in = windows.handles.resolve(job, FakeJob.class, function);
            if (!start.standardHandles().isEmpty() && start.standardHandles().size() != 3) {
                throw FakeWindows.failure(function, ERROR_INVALID_PARAMETER);
            }
            ImmutableList.Builder<FakeStream> streams = ImmutableList.builder();
            for (OwnedHandle handle : start.standardHandles()) {
                streams.add(windows.handles.resolve(handle, FakeStream.class, function));
            }
            if (start.surroundings().terminal().isPresent()) {
                FakeTerminal terminal =
                        windows.handles.resolve(start.surroundings().terminal().get(), FakeTerminal.class, function);
                streams.add(terminal.input(), terminal.output(), terminal.output());
            }
            if (!primary.isRestricted()) {
                throw FakeWindows.failure(function, ERROR_PRIVILEGE_NOT_HELD); // SeAssignPrimaryTokenPrivilege
            }
            if (!windows.admits(in)) {
                throw FakeWindows.failure(function, ERROR_NOT_ENOUGH_QUOTA);
            }
            FakeProcess process = windows.newProcess(primary, in, start, streams.build());
            return new Suspended(
                    windows.handles.open(process, function), windows.handles.open(process.firstThread, function), PID);
        }
    }

    private FakeProcess process(OwnedHandle handle, String function) throws WindowsFailure {
        return windows.handles.resolve(handle, FakeProcess.class, function);
    }

    @Override
    public void resume(OwnedHandle thread) throws WindowsFailure {
        synchronized (windows) {
            windows.handles
                    .resolve(thread, FakeProcess.FirstThread.class, "ResumeThread")
                    .process()
                    .resume();
        }
    }

    /** Fails for what has ended, as its documentation says. */
    @Override
    public void terminate(OwnedHandle process, int exitCode) throws WindowsFailure {
        synchronized (windows) {
            FakeProcess ending = process(process, "TerminateProcess");
            if (ending.isEnded()) {
                throw FakeWindows.failure("TerminateProcess", WindowsFailure.ERROR_ACCESS_DENIED);
            }
            ending.end(exitCode);
        }
    }

    @Override
    public OwnedHandle bell() {
        return windows.handles.open(new FakeBell(), "CreateEventW");
    }

    @Override
    public void ring(OwnedHandle bell) throws WindowsFailure {
        synchronized (windows) {
            windows.handles.resolve(bell, FakeBell.class, "SetEvent").rung = true;
            windows.notifyAll();
        }
    }

    @Override
    public int awaitAny(OwnedHandle bell, ImmutableList<OwnedHandle> processes, int milliseconds)
            throws WindowsFailure {
        String function = "WaitForMultipleObjects";
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        synchronized (windows) {
            if (processes.size() > MOST_AWAITED) {
                throw FakeWindows.failure(function, ERROR_INVALID_PARAMETER);
            }
            while (true) {
                for (int i = 0; i < processes.size(); i++) {
                    if (process(processes.get(i), function).isEnded()) {
                        return i;
                    }
                }
                if (windows.handles.resolve(bell, FakeBell.class, function).isRung()) {
                    return -1;
                }
                if (milliseconds < 0) {
                    windows.awaitChange();
                } else if (!windows.awaitChangeUntil(deadline)) {
                    return -1;
                }
            }
        }
    }

    @Override
    public int exitCode(OwnedHandle process) throws WindowsFailure {
        synchronized (windows) {
            return process(process, "GetExitCodeProcess").exitCode(); // which nobody may have closed meanwhile
        }
    }

    @Override
    public int attemptOpen(long pid, int access) {
        return WindowsFailure.ERROR_ACCESS_DENIED;
    }

    @Override
    public Optional<OwnedHandle> standardHandle(int number) {
        FakeFile nothing = new FakeFile(windows, "the JVM's standard handle " + number);
        return Optional.of(windows.handles.open(nothing.open(~0, true), "DuplicateHandle"));
    }
}
