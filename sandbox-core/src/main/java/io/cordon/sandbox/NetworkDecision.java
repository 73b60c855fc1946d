package io.cordon.sandbox;

import com.google.common.base.CharMatcher;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * What the proxy of a sandbox made of one connection that a child asked for. Also an event of Java Flight Recorder,
 * {@code io.cordon.sandbox.NetworkDecision}.
 *
 * @param time when it was decided
 * @param protocol how the child asked
 * @param host the host that it asked for, at most 255 characters of printable ASCII, others as question marks; empty if
 *     the request did not get that far
 * @param port the TCP port; 0 if the request did not get that far
 * @param reason why
 * @param address the address that is connected to, if the connection is allowed
 */
public record NetworkDecision(
        Instant time, Protocol protocol, String host, int port, Reason reason, Optional<InetAddress> address) {
    private static final int MAX_HOST = 255;
    private static final CharMatcher PRINTABLE = CharMatcher.inRange('!', '~');

    /** How a child asks a proxy for a connection. */
    public enum Protocol {
        /** A tunnel through HTTP: RFC 9110, 9.3.6. */
        HTTP_CONNECT,
        /** A request that the proxy hands on: RFC 9112, 3.2.2. */
        HTTP,
        /** RFC 1928. */
        SOCKS5,
        /** None of them. */
        UNKNOWN
    }

    /** Why a connection was allowed or refused. Append-only. */
    public enum Reason {
        /** A rule allows it. */
        ALLOWED,
        /** No rule is for this host. */
        HOST_NOT_ALLOWED,
        /** A rule is for this host, and none for this port of it. */
        PORT_NOT_ALLOWED,
        /** The child gave an address in place of a name. */
        ADDRESS_LITERAL,
        /** What the child gave is no name of a host, or no port. */
        NAME_INVALID,
        /** The name has no address, or finding it took too long. */
        NAME_UNRESOLVED,
        /** All addresses of the name are private or reserved. */
        PRIVATE_ADDRESS,
        /** The request is not of a protocol that the proxy speaks, or is too long. */
        MALFORMED,
        /** Too many names are being resolved. */
        OVERLOADED
    }

    /** Makes the host fit to be printed: it is the child that chose it. */
    public NetworkDecision {
        String printable = PRINTABLE.negate().replaceFrom(host, '?');
        host = printable.length() <= MAX_HOST ? printable : printable.substring(0, MAX_HOST);
    }

    /** Whether the connection was allowed. That it came about, this does not say. */
    public boolean allowed() {
        return reason == Reason.ALLOWED;
    }

    /** One line, such as {@code refused evil.example:443 (HTTP_CONNECT): HOST_NOT_ALLOWED}. */
    @Override
    public String toString() {
        return (allowed() ? "allowed " : "refused ")
                + host
                + ":"
                + port
                + " ("
                + protocol
                + "): "
                + address.map(to -> "to " + to.getHostAddress()).orElse(reason.name());
    }
}
