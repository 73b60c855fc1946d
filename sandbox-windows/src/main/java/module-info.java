import io.cordon.sandbox.spi.SandboxBackend;
import io.cordon.sandbox.windows.WindowsSandboxBackend;

/** The Windows backend of Cordon: integrity levels, job objects and tokens. */
module io.cordon.sandbox.windows {
    requires transitive io.cordon.sandbox;
    requires com.sun.jna;
    requires com.sun.jna.platform;

    exports io.cordon.sandbox.windows;
    exports io.cordon.sandbox.windows.plan;
    exports io.cordon.sandbox.windows.security;

    // JNA fills structures by reflection.
    opens io.cordon.sandbox.windows.win32 to
            com.sun.jna;

    provides SandboxBackend with
            WindowsSandboxBackend;
}
