package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.cordon.sandbox.windows.win32.Structures.JOBOBJECT_BASIC_ACCOUNTING_INFORMATION;
import io.cordon.sandbox.windows.win32.Structures.JOBOBJECT_BASIC_UI_RESTRICTIONS;
import io.cordon.sandbox.windows.win32.Structures.JOBOBJECT_CPU_RATE_CONTROL_INFORMATION;
import io.cordon.sandbox.windows.win32.Structures.JOBOBJECT_EXTENDED_LIMIT_INFORMATION;
import io.cordon.sandbox.windows.win32.Structures.JOBOBJECT_NET_RATE_CONTROL_INFORMATION;
import java.util.OptionalInt;
import java.util.OptionalLong;

final class JnaJobCalls implements JobCalls {
    private static final int JobObjectBasicAccountingInformation = 1;
    private static final int JobObjectBasicUIRestrictions = 4;
    private static final int JobObjectExtendedLimitInformation = 9;
    private static final int JobObjectCpuRateControlInformation = 15;
    private static final int JobObjectNetRateControlInformation = 32;

    private static final int JOB_OBJECT_CPU_RATE_CONTROL_ENABLE = 0x1;
    private static final int JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP = 0x4;

    private static final int JOB_OBJECT_NET_RATE_CONTROL_ENABLE = 0x1;
    private static final int JOB_OBJECT_NET_RATE_CONTROL_MAX_BANDWIDTH = 0x2;

    @Override
    public OwnedHandle create() throws WindowsFailure {
        return own("CreateJobObjectW", KERNEL32.CreateJobObject(null, null));
    }

    @Override
    public void setLimits(OwnedHandle job, JobLimits limits) throws WindowsFailure {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION information = new JOBOBJECT_EXTENDED_LIMIT_INFORMATION();
        information.BasicLimitInformation.LimitFlags = limits.flags();
        information.BasicLimitInformation.ActiveProcessLimit = limits.activeProcesses();
        information.JobMemoryLimit = Pointer.createConstant(limits.memory());
        set(job, JobObjectExtendedLimitInformation, information);
    }

    private static void set(OwnedHandle job, int informationClass, Structures.Buffer information)
            throws WindowsFailure {
        check(
                "SetInformationJobObject",
                KERNEL32.SetInformationJobObject(
                        pointer(job), informationClass, information.written(), information.size()));
    }

    @Override
    public JobLimits limits(OwnedHandle job) throws WindowsFailure {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION information = new JOBOBJECT_EXTENDED_LIMIT_INFORMATION();
        query(job, JobObjectExtendedLimitInformation, information);
        return new JobLimits(
                information.BasicLimitInformation.LimitFlags,
                information.BasicLimitInformation.ActiveProcessLimit,
                Pointer.nativeValue(information.JobMemoryLimit));
    }

    @Override
    public void setCpuRate(OwnedHandle job, int rate) throws WindowsFailure {
        JOBOBJECT_CPU_RATE_CONTROL_INFORMATION information = new JOBOBJECT_CPU_RATE_CONTROL_INFORMATION();
        information.ControlFlags = JOB_OBJECT_CPU_RATE_CONTROL_ENABLE | JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP;
        information.CpuRate = rate;
        set(job, JobObjectCpuRateControlInformation, information);
    }

    @Override
    public OptionalInt cpuRate(OwnedHandle job) throws WindowsFailure {
        JOBOBJECT_CPU_RATE_CONTROL_INFORMATION information = new JOBOBJECT_CPU_RATE_CONTROL_INFORMATION();
        query(job, JobObjectCpuRateControlInformation, information);
        int capped = JOB_OBJECT_CPU_RATE_CONTROL_ENABLE | JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP;
        return (information.ControlFlags & capped) == capped
                ? OptionalInt.of(information.CpuRate)
                : OptionalInt.empty();
    }

    @Override
    public void setNetRate(OwnedHandle job, long bytesPerSecond) throws WindowsFailure {
        JOBOBJECT_NET_RATE_CONTROL_INFORMATION information = new JOBOBJECT_NET_RATE_CONTROL_INFORMATION();
        information.MaxBandwidth = bytesPerSecond;
        information.ControlFlags = JOB_OBJECT_NET_RATE_CONTROL_ENABLE | JOB_OBJECT_NET_RATE_CONTROL_MAX_BANDWIDTH;
        set(job, JobObjectNetRateControlInformation, information);
    }

    @Override
    public OptionalLong netRate(OwnedHandle job) throws WindowsFailure {
        JOBOBJECT_NET_RATE_CONTROL_INFORMATION information = new JOBOBJECT_NET_RATE_CONTROL_INFORMATION();
        query(job, JobObjectNetRateControlInformation, information);
        int limited = JOB_OBJECT_NET_RATE_CONTROL_ENABLE | JOB_OBJECT_NET_RATE_CONTROL_MAX_BANDWIDTH;
        return (information.ControlFlags & limited) == limited
                ? OptionalLong.of(information.MaxBandwidth)
                : OptionalLong.empty();
    }

    @Override
    public void setUiRestrictions(OwnedHandle job, int classes) throws WindowsFailure {
        JOBOBJECT_BASIC_UI_RESTRICTIONS information = new JOBOBJECT_BASIC_UI_RESTRICTIONS();
        information.UIRestrictionsClass = classes;
        set(job, JobObjectBasicUIRestrictions, information);
    }

    @Override
    public int uiRestrictions(OwnedHandle job) throws WindowsFailure {
        JOBOBJECT_BASIC_UI_RESTRICTIONS information = new JOBOBJECT_BASIC_UI_RESTRICTIONS();
        query(job, JobObjectBasicUIRestrictions, information);
        return information.UIRestrictionsClass;
    }

    @Override
    public int activeProcesses(OwnedHandle job) throws WindowsFailure {
        JOBOBJECT_BASIC_ACCOUNTING_INFORMATION information = new JOBOBJECT_BASIC_ACCOUNTING_INFORMATION();
        query(job, JobObjectBasicAccountingInformation, information);
        return information.ActiveProcesses;
    }

    private static void query(OwnedHandle job, int informationClass, Structures.Buffer information)
            throws WindowsFailure {
        check(
                "QueryInformationJobObject",
                KERNEL32.QueryInformationJobObject(
                        pointer(job), informationClass, information.written(), information.size(), null));
        information.read();
    }

    @Override
    public boolean contains(OwnedHandle job, OwnedHandle process) throws WindowsFailure {
        IntByReference result = new IntByReference();
        check("IsProcessInJob", KERNEL32.IsProcessInJob(pointer(process), pointer(job), result));
        return result.getValue() != 0;
    }

    @Override
    public void terminate(OwnedHandle job, int exitCode) throws WindowsFailure {
        check("TerminateJobObject", KERNEL32.TerminateJobObject(pointer(job), exitCode));
    }
}
