package io.cordon.sandbox;

/** Sandboxes that tests begin with. */
final class TestSandboxes {
    /** What a field holds until a test has opened its own. */
    static final Sandbox CLOSED = closed();

    private TestSandboxes() {}

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
