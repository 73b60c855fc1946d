package io.cordon.sandbox.proxy;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;

/**
 * How much of this JVM the children of one sandbox can use up through their proxy. What is over a limit is closed.
 *
 * @param connections open at once; further ones are closed as soon as they are made
 * @param lookups names that are being resolved at once; a resolver that hangs holds one until it gives up
 * @param headerBytes of the first line, and of all headers, of a request or response
 * @param requestTime from connecting until the request is complete
 * @param lookupTime until a name is resolved
 * @param connectTime until a connection to one address of a host is made; four addresses are tried at most
 * @param idleTime without a byte in either direction
 */
public record ProxyLimits(
        int connections,
        int lookups,
        int headerBytes,
        Duration requestTime,
        Duration lookupTime,
        Duration connectTime,
        Duration idleTime) {
    /** 256 connections, 16 look-ups, 16 KiB of headers; 10 s for each step, 5 min idle. */
    public static final ProxyLimits DEFAULT = new ProxyLimits(
            256,
            16,
            16 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5));

    /** Checks that every limit is positive. */
    public ProxyLimits {
        checkArgument(connections > 0, "connections: %s", connections);
        checkArgument(lookups > 0, "lookups: %s", lookups);
        checkArgument(headerBytes > 0, "headerBytes: %s", headerBytes);
        check("requestTime", requestTime);
        check("lookupTime", lookupTime);
        check("connectTime", connectTime);
        check("idleTime", idleTime);
    }

    private static void check(String name, Duration time) {
        checkArgument(
                time.toMillis() > 0 && time.toMillis() <= Integer.MAX_VALUE,
                "%s is not 1 ms to 24 days: %s",
                name,
                time);
    }
}
