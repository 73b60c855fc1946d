package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.launch.Attempt;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;

/**
 * Tries what the children of a broker can, by the broker: the host may not act as another user.
 *
 * <p>What that shows of the network is that TCP to a listener of the JVM is refused, which the JVM itself reaches. The
 * filters say the same of every protocol and address, and an ordinary user cannot read them; a provisioning is what made
 * them.
 */
final class AccountTrial {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final NativeCalls calls;
    private final Broker broker;
    private final String account;
    private final ChildShape shape;

    /** @param shape of which only the token counts */
    AccountTrial(NativeCalls calls, Broker broker, String account, ChildShape shape) {
        this.calls = calls;
        this.broker = broker;
        this.account = account;
        this.shape = shape;
    }

    /** Files and processes. */
    Canary.Seen denied(PrivateDirectory directory, Canary.Places tried) throws SandboxException, WindowsFailure {
        return new Canary(calls)
                .examine(attempts -> broker.outcomes(shape, attempts), Canary.Reading.ANY, directory, tried);
    }

    /** The network. */
    AccountFindings network() throws SandboxException, WindowsFailure {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
            return new AccountFindings(account, open(new Attempt.OnPort(listener.getLocalPort())));
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "attestation: listening on a port of the loopback interface failed: " + e
                            + "; without that nothing shows whether a child is kept from the network",
                    e);
        }
    }

    private Optional<String> open(Attempt.OnPort attempt) throws SandboxException {
        int control = attempt.outcome(calls);
        if (control != 0) {
            return Optional.of(
                    "the JVM cannot connect to its own listener, so that nothing shows whether a child is kept "
                            + "from it");
        }
        int outcome = broker.outcomes(shape, ImmutableList.of(attempt)).get(0);
        return outcome == WindowsFailure.ERROR_ACCESS_DENIED
                ? Optional.empty()
                : Optional.of("a thread with the token of a child of " + account + " reached a listener of the JVM"
                        + (outcome == 0 ? "" : " or failed otherwise (" + outcome + ")")
                        + ": provision again, which makes the filters anew");
    }
}
