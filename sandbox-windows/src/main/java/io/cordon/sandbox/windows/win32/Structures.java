package io.cordon.sandbox.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/**
 * The structures that are used and that JNA-Platform does not have in this form, with the names of {@code winnt.h}, {@code winbase.h} and
 * {@code fileapi.h}. {@code StructureLayoutTest} compares them with the layout in the mingw-w64 headers.
 */
public final class Structures {
    private Structures() {}

    /** A structure that is written before a call and read after it by hand, because it is passed as a pointer. */
    abstract static class Buffer extends Structure {
        Pointer written() {
            write();
            return getPointer();
        }
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_limit_information">Doc</a>. */
    @FieldOrder({
        "PerProcessUserTimeLimit",
        "PerJobUserTimeLimit",
        "LimitFlags",
        "MinimumWorkingSetSize",
        "MaximumWorkingSetSize",
        "ActiveProcessLimit",
        "Affinity",
        "PriorityClass",
        "SchedulingClass"
    })
    public static class JOBOBJECT_BASIC_LIMIT_INFORMATION extends Structure {
        public long PerProcessUserTimeLimit;
        public long PerJobUserTimeLimit;
        public int LimitFlags;
        public @Nullable Pointer MinimumWorkingSetSize;
        public @Nullable Pointer MaximumWorkingSetSize;
        public int ActiveProcessLimit;
        public @Nullable Pointer Affinity;
        public int PriorityClass;
        public int SchedulingClass;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-io_counters">Doc</a>. */
    @FieldOrder({
        "ReadOperationCount",
        "WriteOperationCount",
        "OtherOperationCount",
        "ReadTransferCount",
        "WriteTransferCount",
        "OtherTransferCount"
    })
    public static class IO_COUNTERS extends Structure {
        public long ReadOperationCount;
        public long WriteOperationCount;
        public long OtherOperationCount;
        public long ReadTransferCount;
        public long WriteTransferCount;
        public long OtherTransferCount;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_extended_limit_information">Doc</a>. */
    @FieldOrder({
        "BasicLimitInformation",
        "IoInfo",
        "ProcessMemoryLimit",
        "JobMemoryLimit",
        "PeakProcessMemoryUsed",
        "PeakJobMemoryUsed"
    })
    public static class JOBOBJECT_EXTENDED_LIMIT_INFORMATION extends Buffer {
        public JOBOBJECT_BASIC_LIMIT_INFORMATION BasicLimitInformation = new JOBOBJECT_BASIC_LIMIT_INFORMATION();
        public IO_COUNTERS IoInfo = new IO_COUNTERS();
        public @Nullable Pointer ProcessMemoryLimit;
        public @Nullable Pointer JobMemoryLimit;
        public @Nullable Pointer PeakProcessMemoryUsed;
        public @Nullable Pointer PeakJobMemoryUsed;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_accounting_information">Doc</a>. */
    @FieldOrder({
        "TotalUserTime",
        "TotalKernelTime",
        "ThisPeriodTotalUserTime",
        "ThisPeriodTotalKernelTime",
        "TotalPageFaultCount",
        "TotalProcesses",
        "ActiveProcesses",
        "TotalTerminatedProcesses"
    })
    public static class JOBOBJECT_BASIC_ACCOUNTING_INFORMATION extends Buffer {
        public long TotalUserTime;
        public long TotalKernelTime;
        public long ThisPeriodTotalUserTime;
        public long ThisPeriodTotalKernelTime;
        public int TotalPageFaultCount;
        public int TotalProcesses;
        public int ActiveProcesses;
        public int TotalTerminatedProcesses;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_ui_restrictions">Doc</a>. */
    @FieldOrder({"UIRestrictionsClass"})
    public static class JOBOBJECT_BASIC_UI_RESTRICTIONS extends Buffer {
        public int UIRestrictionsClass;
    }

    /**
     * <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_cpu_rate_control_information">Doc</a>;
     * of the union, the member that the hard cap uses.
     */
    @FieldOrder({"ControlFlags", "CpuRate"})
    public static class JOBOBJECT_CPU_RATE_CONTROL_INFORMATION extends Buffer {
        public int ControlFlags;
        public int CpuRate;
    }

    /**
     * <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_net_rate_control_information">Doc</a>.
     */
    @FieldOrder({"MaxBandwidth", "ControlFlags", "DscpTag"})
    public static class JOBOBJECT_NET_RATE_CONTROL_INFORMATION extends Buffer {
        public long MaxBandwidth;
        public int ControlFlags;
        public byte DscpTag;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_mandatory_label">Doc</a>. */
    @FieldOrder({"Sid", "Attributes"})
    public static class TOKEN_MANDATORY_LABEL extends Buffer {
        public @Nullable Pointer Sid;
        public int Attributes;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_default_dacl">Doc</a>. */
    @FieldOrder({"DefaultDacl"})
    public static class TOKEN_DEFAULT_DACL extends Buffer {
        public @Nullable Pointer DefaultDacl;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-security_capabilities">Doc</a>. */
    @FieldOrder({"AppContainerSid", "Capabilities", "CapabilityCount", "Reserved"})
    public static class SECURITY_CAPABILITIES extends Buffer {
        public @Nullable Pointer AppContainerSid;
        public @Nullable Pointer Capabilities;
        public int CapabilityCount;
        public int Reserved;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/ns-fileapi-by_handle_file_information">Doc</a>. */
    @FieldOrder({
        "dwFileAttributes",
        "ftCreationTime",
        "ftLastAccessTime",
        "ftLastWriteTime",
        "dwVolumeSerialNumber",
        "nFileSizeHigh",
        "nFileSizeLow",
        "nNumberOfLinks",
        "nFileIndexHigh",
        "nFileIndexLow"
    })
    public static class BY_HANDLE_FILE_INFORMATION extends Buffer {
        public int dwFileAttributes;
        public int[] ftCreationTime = new int[2];
        public int[] ftLastAccessTime = new int[2];
        public int[] ftLastWriteTime = new int[2];
        public int dwVolumeSerialNumber;
        public int nFileSizeHigh;
        public int nFileSizeLow;
        public int nNumberOfLinks;
        public int nFileIndexHigh;
        public int nFileIndexLow;
    }

    /**
     * <a href="https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-file_id_descriptor">Doc</a>; of the union,
     * the first half is the member that a file index uses.
     */
    @FieldOrder({"dwSize", "Type", "FileId"})
    public static class FILE_ID_DESCRIPTOR extends Buffer {
        public int dwSize;
        public int Type;
        public long[] FileId = new long[2];
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-generic_mapping">Doc</a>. */
    @FieldOrder({"GenericRead", "GenericWrite", "GenericExecute", "GenericAll"})
    public static class GENERIC_MAPPING extends Buffer {
        public int GenericRead;
        public int GenericWrite;
        public int GenericExecute;
        public int GenericAll;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-startupinfow">Doc</a>. */
    @FieldOrder({
        "cb",
        "lpReserved",
        "lpDesktop",
        "lpTitle",
        "dwX",
        "dwY",
        "dwXSize",
        "dwYSize",
        "dwXCountChars",
        "dwYCountChars",
        "dwFillAttribute",
        "dwFlags",
        "wShowWindow",
        "cbReserved2",
        "lpReserved2",
        "hStdInput",
        "hStdOutput",
        "hStdError"
    })
    public static class STARTUPINFOW extends Structure {
        public int cb;
        public @Nullable Pointer lpReserved;
        public @Nullable Pointer lpDesktop;
        public @Nullable Pointer lpTitle;
        public int dwX;
        public int dwY;
        public int dwXSize;
        public int dwYSize;
        public int dwXCountChars;
        public int dwYCountChars;
        public int dwFillAttribute;
        public int dwFlags;
        public short wShowWindow;
        public short cbReserved2;
        public @Nullable Pointer lpReserved2;
        public @Nullable Pointer hStdInput;
        public @Nullable Pointer hStdOutput;
        public @Nullable Pointer hStdError;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-startupinfoexw">Doc</a>. */
    @FieldOrder({"StartupInfo", "lpAttributeList"})
    public static class STARTUPINFOEXW extends Buffer {
        public STARTUPINFOW StartupInfo = new STARTUPINFOW();
        public @Nullable Pointer lpAttributeList;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-process_information">Doc</a>. */
    @FieldOrder({"hProcess", "hThread", "dwProcessId", "dwThreadId"})
    public static class PROCESS_INFORMATION extends Buffer {
        public @Nullable Pointer hProcess;
        public @Nullable Pointer hThread;
        public int dwProcessId;
        public int dwThreadId;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/minwinbase/ns-minwinbase-overlapped">Doc</a>. */
    @FieldOrder({"Internal", "InternalHigh", "Offset", "OffsetHigh", "hEvent"})
    public static class OVERLAPPED extends Buffer {
        public @Nullable Pointer Internal;
        public @Nullable Pointer InternalHigh;
        public int Offset;
        public int OffsetHigh;
        public @Nullable Pointer hEvent;
    }
}
