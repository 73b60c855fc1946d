package io.cordon.sandbox.proxy;

import com.google.common.collect.ImmutableList;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;

/**
 * Which addresses a name may lead to. Without this, whoever holds a name that is allowed could point it at this machine,
 * or at others that only it reaches (DNS rebinding).
 *
 * <p>Source: the special-purpose registries of IANA for IPv4 and IPv6 (RFC 6890 and its updates). Of IPv6, only global
 * unicast, 2000::/3, is used at all (RFC 4291, 2.4), without what stands for an IPv4 address.
 */
final class AddressRules {
    /** Loopback and the networks of organisations; RFC 6598's is that of carriers and of some private networks. */
    private static final ImmutableList<IpSubnetFilterRule> PRIVATE = networks(
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "::1/128",
            "fc00::/7",
            "fec0::/10");

    /** Metadata services of clouds in private networks: they hand out credentials. Most are at 169.254.169.254. */
    private static final ImmutableList<IpSubnetFilterRule> METADATA =
            networks("100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128");

    /** Reserved, multicast, this host, link-local, documentation, benchmarks, translation. */
    private static final ImmutableList<IpSubnetFilterRule> RESERVED = networks(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    private static final ImmutableList<IpSubnetFilterRule> GLOBAL_UNICAST = networks("2000::/3");

    private AddressRules() {}

    /**
     * Whether it may be connected to.
     *
     * @param privateToo whether private networks may be
     */
    static boolean permits(InetAddress address, boolean privateToo) {
        if (contains(METADATA, address) || contains(RESERVED, address)) {
            return false;
        }
        if (contains(PRIVATE, address)) {
            return privateToo;
        }
        return address instanceof Inet4Address || contains(GLOBAL_UNICAST, address);
    }

    private static boolean contains(ImmutableList<IpSubnetFilterRule> networks, InetAddress address) {
        InetSocketAddress asked = new InetSocketAddress(address, 0);
        return networks.stream().anyMatch(network -> network.matches(asked));
    }

    private static ImmutableList<IpSubnetFilterRule> networks(String... cidrs) {
        return Stream.of(cidrs)
                .map(cidr -> new IpSubnetFilterRule(cidr, IpFilterRuleType.REJECT))
                .collect(ImmutableList.toImmutableList());
    }
}
