package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.BaseTSD.ULONG_PTR;
import com.sun.jna.platform.win32.BaseTSD.ULONG_PTRByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/**
 * The functions of kernel32 that are used, with the names and the order of parameters of their
 * <a href="https://learn.microsoft.com/windows/win32/api/">documentation</a>. JNA adds the W of the Unicode variants.
 */
interface Kernel32Functions extends StdCallLibrary {
    Kernel32Functions KERNEL32 = Native.load("kernel32", Kernel32Functions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-closehandle">Doc</a>. */
    boolean CloseHandle(Pointer object);

    /** <a href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle">Doc</a>. */
    boolean DuplicateHandle(
            Pointer sourceProcess,
            Pointer sourceHandle,
            @Nullable Pointer targetProcess,
            @Nullable PointerByReference targetHandle,
            int desiredAccess,
            boolean inheritHandle,
            int options);

    /** <a href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-gethandleinformation">Doc</a>. */
    boolean GetHandleInformation(Pointer object, IntByReference flags);

    /** <a href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-sethandleinformation">Doc</a>. */
    boolean SetHandleInformation(Pointer object, int mask, int flags);

    /** <a href="https://learn.microsoft.com/windows/console/getstdhandle">Doc</a>. */
    @Nullable
    Pointer GetStdHandle(int stdHandle);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfiletype">Doc</a>. */
    int GetFileType(Pointer file);

    /** <a href="https://learn.microsoft.com/windows/console/getconsolemode">Doc</a>. */
    boolean GetConsoleMode(Pointer consoleHandle, IntByReference mode);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-localfree">Doc</a>. */
    Pointer LocalFree(Pointer memory);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnls/nf-winnls-getacp">Doc</a>. */
    int GetACP();

    /** <a href="https://learn.microsoft.com/windows/win32/api/winnls/nf-winnls-getoemcp">Doc</a>. */
    int GetOEMCP();
    // Consoles

    /**
     * Returns 0 if there is no console.
     *
     * @see <a href="https://learn.microsoft.com/windows/console/getconsolecp">Doc</a>
     */
    int GetConsoleCP();

    /** <a href="https://learn.microsoft.com/windows/console/getconsolewindow">Doc</a>. */
    @Nullable
    Pointer GetConsoleWindow();

    /** <a href="https://learn.microsoft.com/windows/console/allocconsole">Doc</a>. */
    boolean AllocConsole();

    /**
     * Returns an HRESULT. The size is a COORD by value: the columns in the lower half, the rows in the upper one.
     *
     * @see <a href="https://learn.microsoft.com/windows/console/createpseudoconsole">Doc</a>
     */
    int CreatePseudoConsole(int size, Pointer input, Pointer output, int flags, PointerByReference console);

    /**
     * Returns an HRESULT.
     *
     * @see <a href="https://learn.microsoft.com/windows/console/resizepseudoconsole">Doc</a>
     */
    int ResizePseudoConsole(Pointer console, int size);

    /** <a href="https://learn.microsoft.com/windows/console/closepseudoconsole">Doc</a>. */
    void ClosePseudoConsole(Pointer console);

    // Processes

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getcurrentprocess">Doc</a>. */
    Pointer GetCurrentProcess();

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess">Doc</a>. */
    @Nullable
    Pointer OpenProcess(int desiredAccess, boolean inheritHandle, int processId);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-initializeprocthreadattributelist">Doc</a>. */
    boolean InitializeProcThreadAttributeList(
            @Nullable Pointer attributeList, int attributeCount, int flags, ULONG_PTRByReference size);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-updateprocthreadattribute">Doc</a>. */
    boolean UpdateProcThreadAttribute(
            Pointer attributeList,
            int flags,
            ULONG_PTR attribute,
            Pointer value,
            ULONG_PTR size,
            @Nullable Pointer previousValue,
            @Nullable Pointer returnSize);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-deleteprocthreadattributelist">Doc</a>. */
    void DeleteProcThreadAttributeList(Pointer attributeList);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-resumethread">Doc</a>. */
    int ResumeThread(Pointer thread);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-terminateprocess">Doc</a>. */
    boolean TerminateProcess(Pointer process, int exitCode);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getexitcodeprocess">Doc</a>. */
    boolean GetExitCodeProcess(Pointer process, IntByReference exitCode);

    /** <a href="https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects">Doc</a>. */
    int WaitForMultipleObjects(int count, Pointer[] handles, boolean waitAll, int milliseconds);

    // Jobs

    /** <a href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-createjobobjectw">Doc</a>. */
    @Nullable
    Pointer CreateJobObject(@Nullable Pointer jobAttributes, @Nullable String name);

    /** <a href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-setinformationjobobject">Doc</a>. */
    boolean SetInformationJobObject(Pointer job, int informationClass, Pointer information, int length);

    /** <a href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-queryinformationjobobject">Doc</a>. */
    boolean QueryInformationJobObject(
            Pointer job, int informationClass, Pointer information, int length, @Nullable IntByReference returnLength);

    /** <a href="https://learn.microsoft.com/windows/win32/api/jobapi/nf-jobapi-isprocessinjob">Doc</a>. */
    boolean IsProcessInJob(Pointer process, Pointer job, IntByReference result);

    /** <a href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-assignprocesstojobobject">Doc</a>. */
    boolean AssignProcessToJobObject(Pointer job, Pointer process);

    /** <a href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-terminatejobobject">Doc</a>. */
    boolean TerminateJobObject(Pointer job, int exitCode);

    // Files and volumes

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew">Doc</a>. */
    @Nullable
    Pointer CreateFile(
            String fileName,
            int desiredAccess,
            int shareMode,
            @Nullable Pointer securityAttributes,
            int creationDisposition,
            int flagsAndAttributes,
            @Nullable Pointer templateFile);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-openfilebyid">Doc</a>. */
    @Nullable
    Pointer OpenFileById(
            Pointer volumeHint,
            Pointer fileId,
            int desiredAccess,
            int shareMode,
            @Nullable Pointer securityAttributes,
            int flagsAndAttributes);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createdirectoryw">Doc</a>. */
    boolean CreateDirectory(String pathName, @Nullable Pointer securityAttributes);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfileinformationbyhandle">Doc</a>. */
    boolean GetFileInformationByHandle(Pointer file, Pointer fileInformation);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getfileinformationbyhandleex">Doc</a>. */
    boolean GetFileInformationByHandleEx(Pointer file, int informationClass, Pointer information, int size);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-setfileinformationbyhandle">Doc</a>. */
    boolean SetFileInformationByHandle(Pointer file, int informationClass, Pointer information, int size);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfinalpathnamebyhandlew">Doc</a>. */
    int GetFinalPathNameByHandle(Pointer file, char[] filePath, int length, int flags);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getlogicaldrives">Doc</a>. */
    int GetLogicalDrives();

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew">Doc</a>. */
    int GetDriveType(String rootPathName);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumeinformationw">Doc</a>. */
    boolean GetVolumeInformation(
            String rootPathName,
            @Nullable Pointer volumeName,
            int volumeNameSize,
            @Nullable IntByReference serialNumber,
            @Nullable IntByReference maximumComponentLength,
            IntByReference fileSystemFlags,
            @Nullable Pointer fileSystemName,
            int fileSystemNameSize);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumeinformationbyhandlew">Doc</a>. */
    boolean GetVolumeInformationByHandle(
            Pointer file,
            @Nullable Pointer volumeName,
            int volumeNameSize,
            IntByReference serialNumber,
            @Nullable IntByReference maximumComponentLength,
            IntByReference fileSystemFlags,
            char[] fileSystemName,
            int fileSystemNameSize);

    // Pipes

    /** <a href="https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-createnamedpipew">Doc</a>. */
    @Nullable
    Pointer CreateNamedPipe(
            String name,
            int openMode,
            int pipeMode,
            int maxInstances,
            int outBufferSize,
            int inBufferSize,
            int defaultTimeOut,
            @Nullable Pointer securityAttributes);

    /** <a href="https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-connectnamedpipe">Doc</a>. */
    boolean ConnectNamedPipe(Pointer pipe, Pointer overlapped);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getnamedpipeclientprocessid">Doc</a>. */
    boolean GetNamedPipeClientProcessId(Pointer pipe, IntByReference clientProcessId);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getnamedpipeserverprocessid">Doc</a>. */
    boolean GetNamedPipeServerProcessId(Pointer pipe, IntByReference serverProcessId);

    /** <a href="https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-peeknamedpipe">Doc</a>. */
    boolean PeekNamedPipe(
            Pointer pipe,
            @Nullable Pointer buffer,
            int bufferSize,
            @Nullable IntByReference bytesRead,
            IntByReference totalBytesAvailable,
            @Nullable IntByReference bytesLeftThisMessage);

    /** <a href="https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-createeventw">Doc</a>. */
    @Nullable
    Pointer CreateEvent(
            @Nullable Pointer eventAttributes, boolean manualReset, boolean initialState, @Nullable String name);

    /** <a href="https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-setevent">Doc</a>. */
    boolean SetEvent(Pointer event);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-readfile">Doc</a>. */
    boolean ReadFile(Pointer file, Pointer buffer, int bytesToRead, @Nullable Pointer bytesRead, Pointer overlapped);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-writefile">Doc</a>. */
    boolean WriteFile(Pointer file, Pointer buffer, int bytesToWrite, @Nullable Pointer written, Pointer overlapped);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-getoverlappedresult">Doc</a>. */
    boolean GetOverlappedResult(Pointer file, Pointer overlapped, IntByReference bytesTransferred, boolean wait);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-cancelioex">Doc</a>. */
    boolean CancelIoEx(Pointer file, Pointer overlapped);
}
