package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

final class FakeHostCalls implements HostCalls {
    @Override
    public int buildNumber() {
        return 26100;
    }

    @Override
    public Optional<String> wineVersion() {
        return Optional.empty();
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
