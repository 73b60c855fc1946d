package io.cordon.sandbox;

import com.google.common.collect.ImmutableSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which names of environment variables programs need, which look like secrets, and which are no names at all. */
final class EnvironmentNames {
    /**
     * Without these, programs do not start: the search path, and on Windows what the loader, Winsock and the C runtime
     * look up ({@code SystemRoot} above all: without it, Schannel and {@code CryptAcquireContext} fail).
     */
    private static final ImmutableSet<String> REQUIRED =
            ImmutableSet.of("PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC");

    private static final ImmutableSet<String> CORE_UNIX = ImmutableSet.of(
            "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TERM", "COLORTERM", "TZ", "TMPDIR", "JAVA_HOME");

    private static final ImmutableSet<String> CORE_WINDOWS = ImmutableSet.of(
            "ALLUSERSPROFILE",
            "APPDATA",
            "COMMONPROGRAMFILES",
            "COMMONPROGRAMFILES(X86)",
            "COMMONPROGRAMW6432",
            "HOMEDRIVE",
            "HOMEPATH",
            "JAVA_HOME",
            "LANG",
            "LOCALAPPDATA",
            "NUMBER_OF_PROCESSORS",
            "OS",
            "PROCESSOR_ARCHITECTURE",
            "PROCESSOR_IDENTIFIER",
            "PROGRAMDATA",
            "PROGRAMFILES",
            "PROGRAMFILES(X86)",
            "PROGRAMW6432",
            "PSMODULEPATH",
            "PUBLIC",
            "TEMP",
            "TMP",
            "TZ",
            "USERDOMAIN",
            "USERNAME",
            "USERPROFILE");

    /** Upper case; sockets of agents and connection strings give access just as passwords do. */
    private static final ImmutableSet<String> SECRET_PATTERNS = ImmutableSet.of(
            "*TOKEN*",
            "*SECRET*",
            "*PASSWORD*",
            "*PASSWD*",
            "*PASSPHRASE*",
            "*CREDENTIAL*",
            "*APIKEY*",
            "*API_KEY*",
            "*ACCESS_KEY*",
            "*PRIVATE_KEY*",
            "*_KEY",
            "*_PAT",
            "*_PWD",
            "*_DSN",
            "*AUTH*",
            "*COOKIE*",
            "*CONNECTION_STRING*",
            "DATABASE_URL",
            "DBUS_SESSION_BUS_ADDRESS",
            "DOCKER_HOST",
            "KUBECONFIG",
            "NETRC",
            "PGPASSFILE");

    private static final Pattern STAR = Pattern.compile("\\*");

    private final boolean ignoreCase;

    EnvironmentNames(boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
    }

    boolean same(String name, String other) {
        return ignoreCase ? name.equalsIgnoreCase(other) : name.equals(other);
    }

    boolean isRequired(String name) {
        return REQUIRED.contains(folded(name));
    }

    boolean isCore(String name) {
        return ignoreCase ? CORE_WINDOWS.contains(folded(name)) : CORE_UNIX.contains(name) || name.startsWith("LC_");
    }

    boolean looksSecret(String name, Pattern secrets) {
        return secrets.matcher(name.toUpperCase(Locale.ROOT)).matches();
    }

    /** What the names of secrets match, in upper case: the built-in patterns, and more. */
    static Pattern secrets(Set<String> morePatterns) {
        return Pattern.compile(
                Stream.concat(SECRET_PATTERNS.stream(), morePatterns.stream())
                        .map(EnvironmentNames::regex)
                        .collect(Collectors.joining("|")),
                // A name can have line breaks in it, which a dot does not match by itself.
                Pattern.DOTALL);
    }

    private String folded(String name) {
        return ignoreCase ? name.toUpperCase(Locale.ROOT) : name;
    }

    private static String regex(String pattern) {
        return STAR.splitAsStream(pattern + "\0") // keeps a trailing star, which split would drop
                .map(part -> Pattern.quote(part.replace("\0", "")))
                .collect(Collectors.joining(".*"));
    }

    /** Why a name is not one, if it is not. POSIX and Windows agree on these rules. */
    static Optional<PolicyRules.Violation> invalid(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            return Optional.of(new PolicyRules.Violation(
                    SandboxErrorCode.ENVIRONMENT_NAME_INVALID,
                    "environment variable '" + name.replace("\0", "\\0")
                            + "': a name is not empty and has neither '=' nor NUL in it; rename it"));
        }
        return Optional.empty();
    }

    static Optional<PolicyRules.Violation> invalid(String name, String value) {
        Optional<PolicyRules.Violation> violation = invalid(name);
        if (violation.isEmpty() && value.indexOf('\0') >= 0) {
            return Optional.of(new PolicyRules.Violation(
                    SandboxErrorCode.ENVIRONMENT_VALUE_INVALID,
                    "environment variable '" + name + "' has a NUL at index " + value.indexOf('\0')
                            + " of its value; remove it"));
        }
        return violation;
    }
}
