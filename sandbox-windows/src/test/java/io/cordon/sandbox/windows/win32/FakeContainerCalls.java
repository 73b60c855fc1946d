package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Profiles that are there or not, and a loopback interface that is open to whoever is in no container. */
final class FakeContainerCalls implements ContainerCalls {
    private static final int ERROR_CALL_NOT_IMPLEMENTED = 120;

    private final FakeWindows windows;
    final Set<String> profiles = new TreeSet<>();
    boolean available;
    boolean networkOpen;

    FakeContainerCalls(FakeWindows windows) {
        this.windows = windows;
    }

    private void expectAvailable(String function) throws WindowsFailure {
        if (!available) {
            windows.misused(function + " ends the process here");
            throw FakeWindows.failure(function, ERROR_CALL_NOT_IMPLEMENTED);
        }
    }

    @Override
    public boolean available() {
        synchronized (windows) {
            return available;
        }
    }

    @Override
    public Sid packageSid(String name) throws WindowsFailure {
        synchronized (windows) {
            expectAvailable("DeriveAppContainerSidFromAppContainerName");
            return Sid.of(15, 2, 1, 2, 3, 4, 5, 6, Integer.toUnsignedLong(name.hashCode()));
        }
    }

    @Override
    public void createProfile(String name) throws WindowsFailure {
        synchronized (windows) {
            expectAvailable("CreateAppContainerProfile");
            profiles.add(name);
        }
    }

    @Override
    public void deleteProfile(String name) throws WindowsFailure {
        synchronized (windows) {
            expectAvailable("DeleteAppContainerProfile");
            profiles.remove(name);
        }
    }

    @Override
    public Optional<Sid> containerOf(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            return windows.handles.resolve(token, FakeToken.class, "GetTokenInformation").container;
        }
    }

    @Override
    public ImmutableSet<Sid> capabilities(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            windows.handles.resolve(token, FakeToken.class, "GetTokenInformation");
            return ImmutableSet.of();
        }
    }

    @Override
    public Optional<String> connectionRefused(int port) {
        synchronized (windows) {
            return windows.actsInContainer() && !networkOpen ? Optional.of("refused by the fake") : Optional.empty();
        }
    }
}
