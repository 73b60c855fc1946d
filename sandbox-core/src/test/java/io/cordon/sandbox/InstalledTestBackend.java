package io.cordon.sandbox;

import static java.util.Objects.requireNonNull;

import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.SandboxBackend;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@link java.util.ServiceLoader} find a test's backend, on the test's thread only: a service file that was on
 * the class path would be found by every test of this module.
 */
public final class InstalledTestBackend implements SandboxBackend {
    private static final ThreadLocal<@Nullable UnconfinedTestBackend> INSTALLED = new ThreadLocal<>();

    private final UnconfinedTestBackend backend = requireNonNull(INSTALLED.get());

    /** For the service loader. */
    public InstalledTestBackend() {}

    static void during(UnconfinedTestBackend backend, Path directory, TestBody body) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        INSTALLED.set(backend);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {withServiceFile(directory)}, before)) {
            thread.setContextClassLoader(loader);
            body.run();
        } finally {
            thread.setContextClassLoader(before);
            INSTALLED.remove();
        }
    }

    private static URL withServiceFile(Path directory) throws IOException, MalformedURLException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(SandboxBackend.class.getName()), InstalledTestBackend.class.getName());
        return directory.toUri().toURL();
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public BackendProbe probe() {
        return backend.probe();
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) {
        return backend.plan(policy);
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) {
        return backend.prepare(policy);
    }

    @Override
    public CleanUpReport recover() {
        return backend.recover();
    }

    @Override
    public CleanUpReport cleanUp(Path root) {
        return backend.cleanUp(root);
    }
}
