package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/** AppContainers: their profiles, and what tokens and connections show of them. */
public interface ContainerCalls {
    /**
     * Whether the system knows AppContainers: whether it tells the number of a token's one, which is 0 outside of any.
     * Windows 8 and later do. Where this is false, nothing else here may be called.
     */
    boolean available();

    /**
     * The package SID that belongs to a name: S-1-15-2- and seven numbers, which are a hash of the name. The profile
     * need not exist.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-deriveappcontainersidfromappcontainername">
     *     DeriveAppContainerSidFromAppContainerName</a>
     */
    Sid packageSid(String name) throws WindowsFailure;

    /**
     * Makes a profile without capabilities, unless it is there: a key in the user's registry and a directory in
     * {@code %LOCALAPPDATA%\Packages}. Takes no privilege.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-createappcontainerprofile">
     *     CreateAppContainerProfile</a>
     */
    void createProfile(String name) throws WindowsFailure;

    /** Deletes a profile with its directory; does nothing if there is none. */
    void deleteProfile(String name) throws WindowsFailure;

    /** The package SID of the container that a token is in; empty if it is in none. */
    Optional<Sid> containerOf(OwnedHandle token) throws WindowsFailure;

    /** The capabilities of a token; none outside of a container. */
    ImmutableSet<Sid> capabilities(OwnedHandle token) throws WindowsFailure;

    /**
     * Connects to a port of 127.0.0.1 as whoever the thread is.
     *
     * @return why that was refused; empty if it was not
     */
    Optional<String> connectionRefused(int port) throws WindowsFailure;
}
