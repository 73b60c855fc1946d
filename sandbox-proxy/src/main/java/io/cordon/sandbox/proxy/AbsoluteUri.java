package io.cordon.sandbox.proxy;

import com.google.common.base.CharMatcher;
import java.util.Optional;

/**
 * The URI of a request that a proxy is to hand on, taken apart by RFC 3986, 3. Not by {@link java.net.URI}, which refuses
 * characters in paths that clients do send.
 *
 * @param authority host and port; without user information, which has no place here (RFC 9110, 4.2.4)
 * @param rest path and query, beginning with a slash; for OPTIONS of a whole server, empty
 */
record AbsoluteUri(String authority, String rest) {
    private static final String SCHEME = "http://";
    private static final CharMatcher END = CharMatcher.anyOf("/?#");

    static Optional<AbsoluteUri> parse(String uri) {
        if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        int end = END.indexIn(uri, SCHEME.length());
        String authority = uri.substring(SCHEME.length(), end < 0 ? uri.length() : end);
        String rest = end < 0 ? "" : uri.substring(end);
        return authority.isEmpty() || authority.indexOf('@') >= 0
                ? Optional.empty()
                : Optional.of(new AbsoluteUri(authority, rest.isEmpty() || rest.startsWith("/") ? rest : "/" + rest));
    }
}
