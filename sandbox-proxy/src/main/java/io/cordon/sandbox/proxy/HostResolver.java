package io.cordon.sandbox.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a name. Safe for use by several threads; may block. */
@FunctionalInterface
public interface HostResolver {
    /** The resolver of this JVM, with its cache: {@link InetAddress#getAllByName}. */
    HostResolver OF_THIS_JVM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * The addresses, best first.
     *
     * @param host a name in lower-case ASCII that the policy allows, never an address
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
