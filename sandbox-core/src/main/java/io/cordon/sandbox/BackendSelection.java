package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.SandboxBackend;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the backend that works on this machine. One that cannot even be loaded does not stand in another one's way. */
final class BackendSelection {
    private BackendSelection() {}

    /**
     * The backends that are there.
     *
     * @param backends those that could be loaded
     * @param failures why others could not, a line each
     */
    record Found(ImmutableList<SandboxBackend> backends, ImmutableList<String> failures) {}

    static Found all() {
        ImmutableList.Builder<String> failures = ImmutableList.builder();
        ImmutableList<SandboxBackend> found = loaded(ServiceLoader.load(SandboxBackend.class), failures);
        if (found.isEmpty()) { // the context class loader need not know what core's own does
            found = loaded(ServiceLoader.load(SandboxBackend.class, BackendSelection.class.getClassLoader()), failures);
        }
        return new Found(found, failures.build());
    }

    static SandboxBackend select() throws SandboxException {
        return select(all());
    }

    private static ImmutableList<SandboxBackend> loaded(
            ServiceLoader<SandboxBackend> loader, ImmutableList.Builder<String> failures) {
        ImmutableList.Builder<SandboxBackend> backends = ImmutableList.builder();
        Iterator<SandboxBackend> providers = loader.iterator();
        boolean more = true;
        while (more) {
            try {
                more = providers.hasNext();
                if (more) {
                    backends.add(providers.next());
                }
            } catch (ServiceConfigurationError e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        return backends.build();
    }

    static SandboxBackend select(Found found) throws SandboxException {
        StringBuilder reasons = new StringBuilder();
        found.failures().forEach(failure -> reasons.append("\n  ").append(failure));
        for (SandboxBackend backend : found.backends()) {
            BackendProbe probe = backend.probe();
            if (probe.available()) {
                return backend;
            }
            reasons.append("\n  ").append(backend.name()).append(": ").append(probe.detail());
        }
        throw new SandboxException(
                SandboxErrorCode.BACKEND_UNAVAILABLE,
                reasons.isEmpty()
                        ? "there is no backend on the class path or module path; add io.cordon:sandbox-linux, "
                                + "io.cordon:sandbox-windows, or both"
                        : "no backend works on this machine:" + reasons);
    }
}
