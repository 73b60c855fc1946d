package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

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
    public int awaitExit(OwnedHandle process) throws WindowsFailure {
        synchronized (windows) {
            FakeProcess awaited = process(process, "WaitForSingleObject");
            while (!awaited.isEnded()) {
                windows.awaitChange();
            }
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
