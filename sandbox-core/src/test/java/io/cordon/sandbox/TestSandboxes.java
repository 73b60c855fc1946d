package io.cordon.sandbox;

import java.io.File;
import java.nio.file.Path;

/** Sandboxes that tests begin with. */
final class TestSandboxes {
    /** What a field holds until a test has opened its own. */
    static final Sandbox CLOSED = closed();

    private TestSandboxes() {}

    /** A program that can be started without arguments: what the test backend takes a shell's script for. */
    static Path anyProgram() {
        return Path.of(System.getProperty("java.home"), "bin", File.separatorChar == '\\' ? "java.exe" : "java");
    }

    private static Sandbox closed() {
        try {
            Sandbox sandbox = Sandbox.open(SandboxPolicy.readOnly(), new UnconfinedTestBackend());
            sandbox.close();
            return sandbox;
        } catch (SandboxException e) {
            throw new IllegalStateException(e);
        }
    }
}
