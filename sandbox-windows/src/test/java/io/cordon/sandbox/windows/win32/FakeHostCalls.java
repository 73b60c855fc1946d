package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

final class FakeHostCalls implements HostCalls {
    volatile boolean console;

    @Override
    public int buildNumber() {
        return 26100;
    }

    @Override
    public Optional<String> wineVersion() {
        return Optional.empty();
    }

    @Override
    public int ansiCodePage() {
        return 1252;
    }

    @Override
    public int oemCodePage() {
        return 437;
    }

    @Override
    public boolean hasConsole() {
        return console;
    }

    @Override
    public void allocateHiddenConsole() throws WindowsFailure {
        if (console) {
            throw FakeWindows.failure("AllocConsole", WindowsFailure.ERROR_ACCESS_DENIED);
        }
        console = true;
    }

    @Override
    public ImmutableList<String> drivesWithoutAcls() {
        return ImmutableList.of();
    }

    @Override
    public boolean hasPersistentAcls(String volume) {
        return true;
    }
}
