package io.cordon.sandbox;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import java.net.IDN;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is a name of a host, and what is an address that only looks like one. */
final class HostNames {
    private static final int MAX_LENGTH = 253;
    private static final Splitter DOT = Splitter.on('.');
    private static final Pattern LABELS =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /**
     * IDNA 2003 maps these to other letters or to nothing, IDNA 2008 does not (RFC 5891, UTS 46 "deviation
     * characters"): the rule would be for another host than the tools connect to.
     */
    private static final CharMatcher DEVIATING = CharMatcher.anyOf("\u00DF\u03C2\u200C\u200D");

    private HostNames() {}

    /**
     * Whether this is an address, however it is written: in brackets or with colons IPv6; with a number as its last
     * label IPv4, of which resolvers also take {@code 127.1}, {@code 0x7f000001} and {@code 2130706433} (inet_aton(3); the
     * rule is that of the URL standard, "ends in a number").
     */
    static boolean isAddress(String host) {
        String withoutDot = withoutTrailingDot(host);
        return host.indexOf(':') >= 0
                || host.indexOf('[') >= 0
                || NUMBER.matcher(Iterables.getLast(DOT.split(withoutDot))).matches();
    }

    /** Lower case, without the one dot at the end that says that a name is complete. */
    static String normalized(String host) {
        return Ascii.toLowerCase(withoutTrailingDot(host));
    }

    private static String withoutTrailingDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** Whether a normalised name is one: letters, digits and hyphens (RFC 1123, 2.1), and of a length that DNS takes. */
    static boolean isName(String name) {
        return name.length() <= MAX_LENGTH && LABELS.matcher(name).matches();
    }

    /** The normalised ASCII form of a name in any script, if it is one. */
    static Optional<String> toAscii(String written) {
        if (DEVIATING.matchesAnyOf(written)) {
            return Optional.empty();
        }
        try {
            return Optional.of(normalized(IDN.toASCII(written, IDN.USE_STD3_ASCII_RULES)))
                    .filter(HostNames::isName);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
