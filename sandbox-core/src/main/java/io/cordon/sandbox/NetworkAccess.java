package io.cordon.sandbox;

/**
 * Which network the child may use. A class and not an enum, because an access that names hosts is going to be a value
 * with parameters.
 */
public final class NetworkAccess {
    /** No network at all: no TCP, UDP, raw or netlink socket, IPv4 or IPv6, not even to loopback. The default. */
    public static final NetworkAccess NONE = new NetworkAccess("none");

    /** The network as the user has it. */
    public static final NetworkAccess ALLOWED = new NetworkAccess("allowed");

    private final String name;

    private NetworkAccess(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
