package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment variables that tell programs of a proxy. They take the place of what the policy says of the same
 * names: another proxy could not be reached.
 */
final class ProxyVariables {
    private static final String JAVA = "JAVA_TOOL_OPTIONS";

    /** Small letters too: curl does not look at HTTP_PROXY, which a CGI program would get from a request. */
    private static final ImmutableList<String> PROXIES =
            ImmutableList.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy");

    /** Also what is named here cannot be reached without the proxy. */
    private static final ImmutableList<String> EXCEPTIONS = ImmutableList.of("NO_PROXY", "no_proxy");

    private ProxyVariables() {}

    /**
     * The environment with these variables.
     *
     * <p>ALL_PROXY names HTTP too, and not SOCKS, which the same port speaks: a tunnel takes any protocol, and Python's
     * httpx fails to start with a SOCKS proxy unless another package is installed. A JVM is told by options, with which
     * it says on its standard error that it picked them up.
     *
     * @param ignoreCase whether names that differ in case only are the same variable
     */
    static ImmutableMap<String, String> added(Map<String, String> environment, int port, boolean ignoreCase) {
        Map<String, String> all = ignoreCase ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        all.putAll(environment);
        PROXIES.forEach(name -> all.put(name, "http://127.0.0.1:" + port));
        EXCEPTIONS.forEach(name -> all.put(name, ""));
        String options = javaOptions(port);
        all.merge(JAVA, options, (own, added) -> own.isBlank() ? added : own + " " + added);
        return ImmutableMap.copyOf(all);
    }

    /** The exceptions are empty: without that, a JVM connects to localhost past the proxy. */
    private static String javaOptions(int port) {
        return "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=" + port + " -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort="
                + port + " -Dhttp.nonProxyHosts=";
    }
}
