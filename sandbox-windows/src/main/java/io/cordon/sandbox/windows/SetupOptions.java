package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.PortRange;
import java.util.Optional;

/** What {@link WindowsSetup} provisions. Immutable. */
public final class SetupOptions {
    /** The offline account reaches nothing, loopback included. */
    public static final SetupOptions DEFAULTS = new SetupOptions(Optional.empty());

    private static final int LAST_PORT = 65_535;

    private final Optional<PortRange> ports;

    private SetupOptions(Optional<PortRange> ports) {
        this.ports = ports;
    }

    /**
     * Lets the offline account connect by TCP to these ports of 127.0.0.1 and ::1, as a proxy there needs.
     *
     * @throws SandboxException with SETUP_OPTION_INVALID unless 1 &lt;= first &lt;= last &lt;= 65535
     */
    public static SetupOptions openLoopbackPorts(int first, int last) throws SandboxException {
        if (first < 1 || last > LAST_PORT || first > last) {
            throw new SandboxException(
                    SandboxErrorCode.SETUP_OPTION_INVALID,
                    "openLoopbackPorts(" + first + ", " + last
                            + "): ports are 1 to 65535, the first not above the last");
        }
        return new SetupOptions(Optional.of(new PortRange(first, last)));
    }

    Optional<PortRange> ports() {
        return ports;
    }
}
