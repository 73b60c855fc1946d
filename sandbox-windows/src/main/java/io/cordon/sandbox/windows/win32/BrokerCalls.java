package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;

/** A pipe between two processes of different users, and a process of another user. */
public interface BrokerCalls {
    /** {@link #awaitClient}: the time is up. */
    int WAIT_TIMEOUT = 258;

    /** {@link #awaitClient}: the process that was to connect has ended. */
    int ERROR_PROCESS_ABORTED = 1067;

    /**
     * What to start as another user.
     *
     * @param user the name of a local account
     * @param image the absolute path of the program
     * @param commandLine what the program finds as its command line, at most 1,024 characters
     * @param environment the environment block
     * @param directory the working directory
     */
    record LogonStart(String user, String image, String commandLine, String environment, String directory) {}

    /**
     * Both directions of a pipe.
     *
     * @param in what the other end writes
     * @param out what the other end reads
     */
    record Ends(HostPipe in, HostPipe out) {}

    /**
     * Creates a pipe of both directions that nobody else has a name of, with one instance, for clients of this machine.
     *
     * @param descriptor who may open it
     * @see <a href="https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-createnamedpipew">
     *     CreateNamedPipeW</a>
     */
    OwnedHandle createPipe(String name, SecurityDescriptor descriptor) throws WindowsFailure;

    /**
     * Waits until somebody has opened the pipe.
     *
     * @param process who is expected to; when it ends, nobody will
     */
    void awaitClient(OwnedHandle pipe, OwnedHandle process, int milliseconds) throws WindowsFailure;

    /** The id of the process that opened the pipe. */
    int clientOf(OwnedHandle pipe) throws WindowsFailure;

    /** The id of the process that created the pipe. */
    int serverOf(OwnedHandle pipe) throws WindowsFailure;

    /** The owner of a pipe. */
    Sid ownerOf(OwnedHandle pipe) throws WindowsFailure;

    /**
     * Opens a pipe that somebody else created. Its creator can learn who opens it, but not act as that user
     * (SECURITY_IDENTIFICATION).
     */
    OwnedHandle openPipe(String name) throws WindowsFailure;

    /** Both directions of a pipe; takes the handle over, also when it fails. */
    Ends ends(OwnedHandle pipe) throws WindowsFailure;

    /**
     * Starts a process as another user, with a logon session of its own and the user's profile.
     *
     * @param password is not changed; the copy for the call is wiped
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-createprocesswithlogonw">
     *     CreateProcessWithLogonW</a>
     */
    Suspended createWithLogon(LogonStart start, char[] password) throws WindowsFailure;

    /** Puts a process into a job. */
    void assign(OwnedHandle job, OwnedHandle process) throws WindowsFailure;

    /**
     * Gives another process a handle to what this one stands for, with the same access; not inheritable.
     *
     * @param process with PROCESS_DUP_HANDLE, which whoever started it has
     * @return its number there
     * @see <a href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle">
     *     DuplicateHandle</a>
     */
    long give(OwnedHandle process, OwnedHandle handle) throws WindowsFailure;

    /** Closes a handle of another process that it was given and does not know of yet. */
    void takeBack(OwnedHandle process, long handle) throws WindowsFailure;

    /** Takes over a handle that somebody gave this process; fails for what is none. */
    OwnedHandle adopt(long handle) throws WindowsFailure;

    /** Waits for the end of a process; whether it has ended. */
    boolean awaitEnd(OwnedHandle process, int milliseconds) throws WindowsFailure;

    /** Replaces the access list of the calling process. */
    void protectOwnProcess(SecurityDescriptor descriptor) throws WindowsFailure;

    /** The real ones. */
    static BrokerCalls windows() {
        return new JnaBrokerCalls();
    }
}
