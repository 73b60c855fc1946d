package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.BaseTSD.ULONG_PTR;
import com.sun.jna.platform.win32.BaseTSD.ULONG_PTRByReference;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.win32.Structures.SECURITY_CAPABILITIES;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a new process: the job that it belongs to from its beginning, the handles that it inherits, which
 * without this list are all that happen to be inheritable, the pseudo console that becomes its console, and the
 * AppContainer that it is in, which never has a capability.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-updateprocthreadattribute">
 *     UpdateProcThreadAttribute</a>
 */
final class ProcessAttributes implements AutoCloseable {
    private static final long PROC_THREAD_ATTRIBUTE_HANDLE_LIST = 0x00020002;
    private static final long PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES = 0x00020009;
    private static final long PROC_THREAD_ATTRIBUTE_ALL_APPLICATION_PACKAGES_POLICY = 0x0002000F;
    private static final int PROCESS_CREATION_ALL_APPLICATION_PACKAGES_OPT_OUT = 1;
    private static final long PROC_THREAD_ATTRIBUTE_JOB_LIST = 0x0002000D;
    private static final long PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE = 0x00020016;

    private final Memory list;
    /** The list points to these, so that they live as long as it does. */
    private final Memory jobs;

    private final @Nullable Memory handles;
    private final @Nullable Memory packageSid;
    private final SECURITY_CAPABILITIES capabilities = new SECURITY_CAPABILITIES();
    private final Memory packagesPolicy = new Memory(Integer.BYTES);

    private ProcessAttributes(Memory list, Memory jobs, @Nullable Memory handles, @Nullable Memory packageSid) {
        this.list = list;
        this.jobs = jobs;
        this.handles = handles;
        this.packageSid = packageSid;
    }

    static ProcessAttributes of(
            OwnedHandle job,
            ImmutableList<OwnedHandle> inherited,
            Optional<OwnedHandle> terminal,
            Optional<ContainerShape> container)
            throws WindowsFailure {
        boolean lessPrivileged = container.isPresent() && container.get().lessPrivileged();
        int count = 1
                + (inherited.isEmpty() ? 0 : 1)
                + (terminal.isPresent() ? 1 : 0)
                + (container.isPresent() ? 1 : 0)
                + (lessPrivileged ? 1 : 0);
        ULONG_PTRByReference size = new ULONG_PTRByReference();
        KERNEL32.InitializeProcThreadAttributeList(null, count, 0, size); // tells the size, and fails always
        Memory list = new Memory(size.getValue().longValue());
        if (!KERNEL32.InitializeProcThreadAttributeList(list, count, 0, size)) {
            WindowsFailure failure = Handles.lastError("InitializeProcThreadAttributeList");
            list.close();
            throw failure;
        }
        ProcessAttributes attributes = new ProcessAttributes(
                list,
                array(ImmutableList.of(job)),
                inherited.isEmpty() ? null : array(inherited),
                container.isPresent()
                        ? Handles.memoryOf(container.get().packageSid().encode())
                        : null);
        try {
            attributes.update(PROC_THREAD_ATTRIBUTE_JOB_LIST, attributes.jobs);
            if (attributes.handles != null) {
                attributes.update(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, attributes.handles);
            }
            if (terminal.isPresent()) {
                // This one is the value itself, not an array of one.
                attributes.update(PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, pointer(terminal.get()), Native.POINTER_SIZE);
            }
            if (attributes.packageSid != null) {
                attributes.capabilities.AppContainerSid = attributes.packageSid;
                attributes.update(
                        PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES,
                        attributes.capabilities.written(),
                        attributes.capabilities.size());
            }
            if (lessPrivileged) {
                attributes.packagesPolicy.setInt(0, PROCESS_CREATION_ALL_APPLICATION_PACKAGES_OPT_OUT);
                attributes.update(PROC_THREAD_ATTRIBUTE_ALL_APPLICATION_PACKAGES_POLICY, attributes.packagesPolicy);
            }
            return attributes;
        } catch (WindowsFailure e) {
            attributes.close();
            throw e;
        }
    }

    private static Memory array(ImmutableList<OwnedHandle> handles) {
        Memory array = new Memory((long) handles.size() * Native.POINTER_SIZE);
        for (int i = 0; i < handles.size(); i++) {
            array.setPointer((long) i * Native.POINTER_SIZE, pointer(handles.get(i)));
        }
        return array;
    }

    private void update(long attribute, Memory value) throws WindowsFailure {
        update(attribute, value, value.size());
    }

    private void update(long attribute, Pointer value, long size) throws WindowsFailure {
        check(
                "UpdateProcThreadAttribute",
                KERNEL32.UpdateProcThreadAttribute(
                        list, 0, new ULONG_PTR(attribute), value, new ULONG_PTR(size), null, null));
    }

    Pointer list() {
        return list;
    }

    @Override
    public void close() {
        KERNEL32.DeleteProcThreadAttributeList(list);
        list.close();
        jobs.close();
        packagesPolicy.close();
        if (packageSid != null) {
            packageSid.close();
        }
        if (handles != null) {
            handles.close();
        }
    }
}
