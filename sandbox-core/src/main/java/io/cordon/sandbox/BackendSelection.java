package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.SandboxBackend;
import java.util.ServiceLoader;

/** Finds the backend that works on this machine. */
final class BackendSelection {
    private BackendSelection() {}

    static SandboxBackend select() throws SandboxException {
        return select(ImmutableList.copyOf(ServiceLoader.load(SandboxBackend.class)));
    }

    static SandboxBackend select(ImmutableList<SandboxBackend> backends) throws SandboxException {
        StringBuilder reasons = new StringBuilder();
        for (SandboxBackend backend : backends) {
            BackendProbe probe = backend.probe();
            if (probe.available()) {
                return backend;
            }
            reasons.append("\n  ").append(backend.name()).append(": ").append(probe.detail());
        }
        throw new SandboxException(
                SandboxErrorCode.BACKEND_UNAVAILABLE,
                backends.isEmpty()
                        ? "there is no backend on the class path or module path; add io.cordon:sandbox-linux, "
                                + "io.cordon:sandbox-windows, or both"
                        : "no backend works on this machine:" + reasons);
    }
}
