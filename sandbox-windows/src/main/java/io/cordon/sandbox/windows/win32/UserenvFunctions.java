package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/**
 * The functions of userenv that are used; see {@link Kernel32Functions}. Those of containers return an HRESULT. Stock Wine has none of
 * them: nothing here may be called where {@link ContainerCalls#available} says no.
 */
interface UserenvFunctions extends StdCallLibrary {
    UserenvFunctions USERENV = Native.load("userenv", UserenvFunctions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-createappcontainerprofile">Doc</a>. */
    int CreateAppContainerProfile(
            String name,
            String displayName,
            String description,
            @Nullable Pointer capabilities,
            int capabilityCount,
            PointerByReference sid);

    /** <a href="https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-deleteappcontainerprofile">Doc</a>. */
    int DeleteAppContainerProfile(String name);

    /** <a href="https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-deriveappcontainersidfromappcontainername">Doc</a>. */
    int DeriveAppContainerSidFromAppContainerName(String name, PointerByReference sid);

    /** <a href="https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-deleteprofilew">Doc</a>. */
    boolean DeleteProfile(String sid, @Nullable String path, @Nullable String computer);
}
