package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.UserenvFunctions.USERENV;

import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.security.Sid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

final class JnaContainerCalls implements ContainerCalls {
    private static final int TokenIsAppContainer = 29;
    private static final int TokenCapabilities = 30;
    private static final int TokenAppContainerSid = 31;
    private static final int TokenAppContainerNumber = 32;

    private static final int ERROR_ALREADY_EXISTS = 183;

    /** An HRESULT whose lower half is a Win32 error. */
    private static final int WIN32_ERROR = 0x80070000;

    private static final int CODE = 0x0000FFFF;

    /** Windows drops what a container sends to the host, so that nobody answers. */
    private static final int MILLISECONDS = 2_000;

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    @Override
    public boolean available() {
        try (OwnedHandle own = new JnaTokenCalls().ownToken();
                Memory number = JnaTokenCalls.information(own, TokenAppContainerNumber)) {
            return number.size() == Integer.BYTES;
        } catch (WindowsFailure e) {
            return false; // stock Wine does not know the class
        }
    }

    @Override
    public Sid packageSid(String name) throws WindowsFailure {
        PointerByReference sid = new PointerByReference();
        checkResult(
                "DeriveAppContainerSidFromAppContainerName",
                USERENV.DeriveAppContainerSidFromAppContainerName(name, sid));
        return taken(sid);
    }

    /** The SID is the caller's to free. */
    private static Sid taken(PointerByReference sid) {
        try {
            return Sid.decode(JnaTokenCalls.sidAt(sid.getValue()));
        } finally {
            ADVAPI32.FreeSid(sid.getValue());
        }
    }

    @Override
    public void createProfile(String name) throws WindowsFailure {
        PointerByReference sid = new PointerByReference();
        int result = USERENV.CreateAppContainerProfile(
                name, "Cordon sandbox", "What Cordon runs in a sandbox without a network", null, 0, sid);
        if (result != (WIN32_ERROR | ERROR_ALREADY_EXISTS)) {
            checkResult("CreateAppContainerProfile", result);
            var unused = taken(sid);
        }
    }

    @Override
    public void deleteProfile(String name) throws WindowsFailure {
        checkResult("DeleteAppContainerProfile", USERENV.DeleteAppContainerProfile(name));
    }

    @Override
    public Optional<Sid> containerOf(OwnedHandle token) throws WindowsFailure {
        try (Memory is = JnaTokenCalls.information(token, TokenIsAppContainer)) {
            if (is.getInt(0) == 0) {
                return Optional.empty();
            }
        }
        // TOKEN_APPCONTAINER_INFORMATION is one pointer.
        try (Memory container = JnaTokenCalls.information(token, TokenAppContainerSid)) {
            Pointer sid = container.getPointer(0);
            return sid == null ? Optional.empty() : Optional.of(Sid.decode(JnaTokenCalls.sidAt(sid)));
        }
    }

    @Override
    public ImmutableSet<Sid> capabilities(OwnedHandle token) throws WindowsFailure {
        return JnaTokenCalls.groups(token, TokenCapabilities).keySet();
    }

    private static void checkResult(String function, int result) throws WindowsFailure {
        if (result < 0) {
            throw Handles.failure(function, (result & ~CODE) == WIN32_ERROR ? result & CODE : result);
        }
    }

    @Override
    public Optional<String> connectionRefused(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), MILLISECONDS);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
