package io.cordon.sandbox;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.net.InternetDomainName;
import com.google.common.primitives.Ints;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host that a child may reach, or all hosts of a domain, and the TCP ports.
 *
 * <ul>
 *   <li>{@code api.example.com}: this name, ports 80 and 443
 *   <li>{@code *.example.org}: every name that ends in {@code .example.org}, however many labels are before it, and not
 *       {@code example.org} itself
 *   <li>{@code git.example.com:22}: this port only
 * </ul>
 *
 * <p>Case does not matter, nor does a dot at the end. Names in other scripts are turned to ASCII by IDNA 2003
 * ({@link java.net.IDN}). Addresses are no rules. A domain in which anybody can register names ({@code *.com}, {@code
 * *.github.io}; publicsuffix.org, as Guava knows it) is refused: whoever wants the child's data registers a name there.
 * Immutable, and safe for use by several threads.
 */
public final class HostRule implements Comparable<HostRule> {
    static final int MAX_PORT = 65535;

    private static final ImmutableSortedSet<Integer> WEB_PORTS = ImmutableSortedSet.of(80, 443);
    private static final String ANY = "*.";

    private static final Comparator<HostRule> ORDER = Comparator.comparing(HostRule::name)
            .thenComparing(HostRule::subdomains)
            .thenComparing(HostRule::portText);

    private final String name;
    private final boolean subdomains;
    private final ImmutableSortedSet<Integer> ports;

    private HostRule(String name, boolean subdomains, ImmutableSortedSet<Integer> ports) {
        this.name = name;
        this.subdomains = subdomains;
        this.ports = ports;
    }

    static HostRule parse(String rule) {
        if (rule.isEmpty()) {
            throw refused(rule, "it is empty", "name a host");
        }
        if (rule.contains("://")) {
            throw refused(rule, "it has a scheme", "write the host alone, with a port if it is neither 80 nor 443");
        }
        if (CharMatcher.anyOf("/?#\\@%").matchesAnyOf(rule)) {
            throw refused(rule, "it has more in it than a host and a port", "the proxy sees neither paths nor users");
        }
        if (rule.startsWith("[") || CharMatcher.is(':').countIn(rule) > 1) {
            throw isAddress(rule);
        }
        int colon = rule.indexOf(':');
        String host = colon < 0 ? rule : rule.substring(0, colon);
        boolean subdomains = host.startsWith(ANY);
        String name = parsedName(rule, subdomains ? host.substring(ANY.length()) : host);
        if (subdomains
                && InternetDomainName.isValid(name)
                && InternetDomainName.from(name).isPublicSuffix()) {
            throw refused(rule, "anybody can register a name there", "name the hosts that the work needs");
        }
        return new HostRule(
                name,
                subdomains,
                colon < 0 ? WEB_PORTS : ImmutableSortedSet.of(parsedPort(rule, rule.substring(colon + 1))));
    }

    private static String parsedName(String rule, String written) {
        if (written.indexOf('*') >= 0) {
            throw refused(
                    rule,
                    "a star stands only before a domain, as in *.example.org",
                    "name the hosts, or use NetworkAccess.ALLOWED");
        }
        if (HostNames.isAddress(written)) {
            throw isAddress(rule);
        }
        String name = HostNames.toAscii(written)
                .orElseThrow(() -> refused(
                        rule,
                        "this is no name of a host: labels have letters, digits and hyphens, 1 to 63 of them, and the "
                                + "whole at most 253",
                        "write the name that the tools use, in its xn-- form if the script is in doubt"));
        if (HostNames.isAddress(name)) { // digits of other scripts became ASCII
            throw isAddress(rule);
        }
        return name;
    }

    private static int parsedPort(String rule, String written) {
        Integer port = written.length() <= 5 && CharMatcher.inRange('0', '9').matchesAllOf(written)
                ? Ints.tryParse(written)
                : null;
        if (port == null || port < 1 || port > MAX_PORT) {
            throw refused(rule, "a port is a number from 1 to " + MAX_PORT, "write host:port, or the host alone");
        }
        return port;
    }

    private static InvalidPolicyException isAddress(String rule) {
        return refused(
                rule,
                "this is an address, and rules are for names",
                "write the name that the tools use; a name in the hosts file will do");
    }

    private static InvalidPolicyException refused(String rule, String why, String remedy) {
        return new InvalidPolicyException(
                SandboxErrorCode.POLICY_HOST_INVALID, "allowHosts(" + rule + "): " + why + "; " + remedy);
    }

    /** The name in lower-case ASCII, without the star and the dot at the end. */
    public String name() {
        return name;
    }

    /** Whether this stands for the names beneath {@link #name()}, instead of for that name. */
    public boolean subdomains() {
        return subdomains;
    }

    /** The TCP ports that may be used. */
    public ImmutableSortedSet<Integer> ports() {
        return ports;
    }

    /** Whether this rule is for a host; the name is {@linkplain HostNames#normalized normalised}. */
    boolean matchesName(String host) {
        // The dot belongs to what is compared: notexample.org does not end in .example.org.
        return subdomains ? host.length() > name.length() + 1 && host.endsWith("." + name) : host.equals(name);
    }

    @Override
    public int compareTo(HostRule other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostRule rule && compareTo(rule) == 0;
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    private String portText() {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The rule as it could have been written, but with all its ports. */
    @Override
    public String toString() {
        return (subdomains ? ANY : "") + name + ":" + portText();
    }
}
