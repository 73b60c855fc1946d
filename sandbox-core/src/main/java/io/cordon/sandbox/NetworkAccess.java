package io.cordon.sandbox;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which network the child may use: none, that of the user, or some hosts.
 *
 * <p>With hosts, the child reaches a proxy of Cordon and nothing else, as far as the report says. The proxy runs in this
 * JVM, on loopback, and needs {@code io.cordon:sandbox-proxy} on the class path or module path. The child is told of it
 * by the usual variables ({@code HTTPS_PROXY} and the like, and {@code JAVA_TOOL_OPTIONS}). A value: immutable, and safe
 * for use by several threads.
 */
public final class NetworkAccess {
    /** No network at all: no TCP, UDP, raw or netlink socket, IPv4 or IPv6, not even to loopback. The default. */
    public static final NetworkAccess NONE = new NetworkAccess("none", ImmutableSortedSet.of(), false);

    /** The network as the user has it. */
    public static final NetworkAccess ALLOWED = new NetworkAccess("allowed", ImmutableSortedSet.of(), false);

    private final String name;
    private final ImmutableSortedSet<HostRule> hosts;
    private final boolean privateAddresses;

    private NetworkAccess(String name, ImmutableSortedSet<HostRule> hosts, boolean privateAddresses) {
        this.name = name;
        this.hosts = hosts;
        this.privateAddresses = privateAddresses;
    }

    /**
     * Only these hosts, by TCP, through a proxy that resolves their names itself: {@code "api.example.com"}, {@code
     * "*.example.org"}, {@code "git.example.com:22"}. See {@link HostRule} for what a rule means.
     *
     * <p>A name whose addresses are private (loopback, link-local, the networks of RFC 1918 and such) is refused unless
     * {@link #withPrivateAddresses()} says otherwise. What an allowed host hands on is not seen: allow no host that
     * relays to others.
     *
     * @throws InvalidPolicyException with {@link SandboxErrorCode#POLICY_HOST_INVALID} if there is no rule, or one of
     *     them is not one
     */
    public static NetworkAccess allowHosts(String... rules) {
        if (rules.length == 0) {
            throw new InvalidPolicyException(
                    SandboxErrorCode.POLICY_HOST_INVALID,
                    "allowHosts() names no host; use NetworkAccess.NONE, or name the hosts");
        }
        return new NetworkAccess(
                "hosts",
                Arrays.stream(rules)
                        .map(HostRule::parse)
                        .collect(ImmutableSortedSet.toImmutableSortedSet(HostRule::compareTo)),
                false);
    }

    /**
     * The same hosts, also where their names lead to loopback or to a private network: for tests, and for intranets.
     * Addresses that are link-local, multicast, reserved, or of a cloud's metadata service stay refused.
     *
     * @throws IllegalStateException if this access names no hosts
     */
    public NetworkAccess withPrivateAddresses() {
        if (hosts.isEmpty()) {
            throw new IllegalStateException(
                    "the network access '" + name + "' names no hosts; call allowHosts(...) first");
        }
        return new NetworkAccess(name, hosts, true);
    }

    /** The rules of {@link #allowHosts}, sorted; empty where the access names no hosts. */
    public ImmutableSortedSet<HostRule> hosts() {
        return hosts;
    }

    /** Whether names of allowed hosts may lead to private addresses. */
    public boolean privateAddresses() {
        return privateAddresses;
    }

    /**
     * What is to be made of a connection that a child asks for, by the name alone: {@code ALLOWED} does not say yet that
     * the name's addresses may be used.
     *
     * @param host the host as the child wrote it
     * @param port the TCP port
     */
    public NetworkDecision.Reason judge(String host, int port) {
        if (HostNames.isAddress(host)) {
            return NetworkDecision.Reason.ADDRESS_LITERAL;
        }
        String asked = HostNames.normalized(host);
        if (!HostNames.isName(asked) || port < 1 || port > HostRule.MAX_PORT) {
            return NetworkDecision.Reason.NAME_INVALID;
        }
        boolean named = false;
        for (HostRule rule : hosts) {
            if (rule.matchesName(asked)) {
                named = true;
                if (rule.ports().contains(port)) {
                    return NetworkDecision.Reason.ALLOWED;
                }
            }
        }
        return named ? NetworkDecision.Reason.PORT_NOT_ALLOWED : NetworkDecision.Reason.HOST_NOT_ALLOWED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkAccess access
                && name.equals(access.name)
                && hosts.equals(access.hosts)
                && privateAddresses == access.privateAddresses;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, hosts, privateAddresses);
    }

    @Override
    public String toString() {
        return hosts.isEmpty()
                ? name
                : hosts.stream().map(HostRule::toString).collect(Collectors.joining(" ", "hosts ", ""))
                        + (privateAddresses ? ", private addresses too" : "");
    }
}
