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

    boolean CloseHandle(Pointer object);

    boolean DuplicateHandle(
            Pointer sourceProcess,
            Pointer sourceHandle,
            Pointer targetProcess,
            PointerByReference targetHandle,
            int desiredAccess,
            boolean inheritHandle,
            int options);

    boolean SetHandleInformation(Pointer object, int mask, int flags);

    @Nullable
    Pointer GetStdHandle(int stdHandle);

    int GetFileType(Pointer file);

    boolean GetConsoleMode(Pointer consoleHandle, IntByReference mode);

    Pointer LocalFree(Pointer memory);

    int GetACP();

    int GetOEMCP();
    // Consoles

    /** Returns 0 if there is no console. */
    int GetConsoleCP();

    @Nullable
    Pointer GetConsoleWindow();

    boolean AllocConsole();

    /** Returns an HRESULT. The size is a COORD by value: the columns in the lower half, the rows in the upper one. */
    int CreatePseudoConsole(int size, Pointer input, Pointer output, int flags, PointerByReference console);

    /** Returns an HRESULT. */
    int ResizePseudoConsole(Pointer console, int size);

    void ClosePseudoConsole(Pointer console);

    // Processes

    Pointer GetCurrentProcess();

    @Nullable
    Pointer OpenProcess(int desiredAccess, boolean inheritHandle, int processId);

    boolean InitializeProcThreadAttributeList(
            @Nullable Pointer attributeList, int attributeCount, int flags, ULONG_PTRByReference size);

    boolean UpdateProcThreadAttribute(
            Pointer attributeList,
            int flags,
            ULONG_PTR attribute,
            Pointer value,
            ULONG_PTR size,
            @Nullable Pointer previousValue,
            @Nullable Pointer returnSize);

    void DeleteProcThreadAttributeList(Pointer attributeList);

    int ResumeThread(Pointer thread);

    boolean TerminateProcess(Pointer process, int exitCode);

    boolean GetExitCodeProcess(Pointer process, IntByReference exitCode);

    int WaitForSingleObject(Pointer handle, int milliseconds);

    int WaitForMultipleObjects(int count, Pointer[] handles, boolean waitAll, int milliseconds);

    // Jobs

    @Nullable
    Pointer CreateJobObject(@Nullable Pointer jobAttributes, @Nullable String name);

    boolean SetInformationJobObject(Pointer job, int informationClass, Pointer information, int length);

    boolean QueryInformationJobObject(
            Pointer job, int informationClass, Pointer information, int length, @Nullable IntByReference returnLength);

    boolean IsProcessInJob(Pointer process, Pointer job, IntByReference result);

    boolean TerminateJobObject(Pointer job, int exitCode);

    // Files and volumes

    @Nullable
    Pointer CreateFile(
            String fileName,
            int desiredAccess,
            int shareMode,
            @Nullable Pointer securityAttributes,
            int creationDisposition,
            int flagsAndAttributes,
            @Nullable Pointer templateFile);

    boolean GetFileInformationByHandle(Pointer file, Pointer fileInformation);

    boolean GetFileInformationByHandleEx(Pointer file, int informationClass, Pointer information, int size);

    boolean SetFileInformationByHandle(Pointer file, int informationClass, Pointer information, int size);

    int GetFinalPathNameByHandle(Pointer file, char[] filePath, int length, int flags);

    int GetLogicalDrives();

    int GetDriveType(String rootPathName);

    boolean GetVolumeInformation(
            String rootPathName,
            @Nullable Pointer volumeName,
            int volumeNameSize,
            @Nullable IntByReference serialNumber,
            @Nullable IntByReference maximumComponentLength,
            IntByReference fileSystemFlags,
            @Nullable Pointer fileSystemName,
            int fileSystemNameSize);

    // Pipes

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

    boolean PeekNamedPipe(
            Pointer pipe,
            @Nullable Pointer buffer,
            int bufferSize,
            @Nullable IntByReference bytesRead,
            IntByReference totalBytesAvailable,
            @Nullable IntByReference bytesLeftThisMessage);

    @Nullable
    Pointer CreateEvent(
            @Nullable Pointer eventAttributes, boolean manualReset, boolean initialState, @Nullable String name);

    boolean SetEvent(Pointer event);

    boolean ReadFile(Pointer file, Pointer buffer, int bytesToRead, @Nullable Pointer bytesRead, Pointer overlapped);

    boolean WriteFile(Pointer file, Pointer buffer, int bytesToWrite, @Nullable Pointer written, Pointer overlapped);

    boolean GetOverlappedResult(Pointer file, Pointer overlapped, IntByReference bytesTransferred, boolean wait);

    boolean CancelIoEx(Pointer file, Pointer overlapped);
}
