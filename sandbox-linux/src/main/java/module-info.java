/** The Linux backend of Cordon: Landlock and seccomp, without external programs. */
module io.cordon.sandbox.linux {
    requires transitive io.cordon.sandbox;
    requires com.sun.jna;
    requires static org.immutables.value.annotations;

    exports io.cordon.sandbox.linux;

    opens io.cordon.sandbox.linux.syscall to
            com.sun.jna;

    provides io.cordon.sandbox.spi.SandboxBackend with
            io.cordon.sandbox.linux.LinuxSandboxBackend;
}
