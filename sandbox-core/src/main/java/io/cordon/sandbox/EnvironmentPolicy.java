package io.cordon.sandbox;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * Which environment variables the child gets: a base that is inherited from the JVM, without what looks like a secret,
 * and variables that are set. A variable that a program needs to start at all is always inherited.
 *
 * <p>Names are compared as the platform does: without case on Windows. Immutable.
 */
@Value.Immutable
public abstract class EnvironmentPolicy {
    /** What is inherited of the JVM's environment. */
    public enum Base {
        /** Only what programs need to start: the search path, and on Windows the system's directories. */
        NONE,
        /** The names that tools commonly need: search path, home, locale, time zone, user, JDK. The default. */
        CORE,
        /** Everything that does not look like a secret. */
        ALL
    }

    EnvironmentPolicy() {}

    /** What is inherited. */
    @Value.Default
    public Base base() {
        return Base.CORE;
    }

    /** Names that are inherited in any case, also when they look like a secret. */
    public abstract ImmutableSet<String> inherited();

    /** Name patterns, with {@code *} for any characters, that are not inherited, besides the built-in ones. */
    public abstract ImmutableSet<String> secretPatterns();

    /** Variables with the values that they are set to. */
    public abstract ImmutableMap<String, String> variables();

    /** Made once: a policy is applied for every process, and compiling takes longer than matching. */
    @Value.Lazy
    Pattern secretNames() {
        return EnvironmentNames.secrets(secretPatterns());
    }

    /** A builder that inherits {@link Base#CORE}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds what this policy says. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.base = base();
        builder.inherited.addAll(inherited());
        builder.secretPatterns.addAll(secretPatterns());
        builder.variables.putAll(variables());
        return builder;
    }

    /**
     * The child's environment, from the host's.
     *
     * @param host the environment to inherit from
     * @param ignoreCase whether names that differ in case only are the same variable, as on Windows
     * @return the variables, sorted by name
     */
    public ImmutableMap<String, String> apply(Map<String, String> host, boolean ignoreCase) {
        EnvironmentNames names = new EnvironmentNames(ignoreCase);
        Map<String, String> child = ignoreCase ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        host.forEach((name, value) -> {
            // A JVM on Windows also shows the names that begin with '=', in which cmd.exe keeps its directories.
            if (EnvironmentNames.invalid(name).isEmpty() && isInherited(names, name)) {
                child.putIfAbsent(name, value); // of two spellings, name and value of one, and not a mixture
            }
        });
        variables().forEach((name, value) -> {
            child.remove(name); // so that the spelling of the policy wins
            child.put(name, value);
        });
        return ImmutableMap.copyOf(child);
    }

    private boolean isInherited(EnvironmentNames names, String name) {
        if (names.isRequired(name) || inherited().stream().anyMatch(wanted -> names.same(wanted, name))) {
            return true;
        }
        boolean inBase = switch (base()) {
            case NONE -> false;
            case CORE -> names.isCore(name);
            case ALL -> true;
        };
        return inBase && !names.looksSecret(name, secretNames());
    }

    /** Collects an {@link EnvironmentPolicy}. Not safe for use by several threads. */
    public static final class Builder {
        private Base base = Base.CORE;
        private final Set<String> inherited = new LinkedHashSet<>();
        private final Set<String> secretPatterns = new LinkedHashSet<>();
        private final Map<String, String> variables = new LinkedHashMap<>();

        Builder() {}

        /** Inherits only what programs need to start. */
        @CanIgnoreReturnValue
        public Builder inheritNone() {
            base = Base.NONE;
            return this;
        }

        /** Inherits what tools commonly need. */
        @CanIgnoreReturnValue
        public Builder inheritCore() {
            base = Base.CORE;
            return this;
        }

        /** Inherits everything that does not look like a secret. */
        @CanIgnoreReturnValue
        public Builder inheritAll() {
            base = Base.ALL;
            return this;
        }

        /**
         * Inherits these variables in any case, also when they look like a secret.
         *
         * @throws InvalidPolicyException if a name is empty, or has a {@code =} or a NUL in it
         */
        @CanIgnoreReturnValue
        public Builder inherit(String... names) {
            for (String name : names) {
                EnvironmentNames.invalid(name).ifPresent(Builder::refuse);
            }
            Collections.addAll(inherited, names);
            return this;
        }

        /**
         * Does not inherit names of these patterns, for example {@code ACME_*}. Case is ignored, {@code *} stands for
         * any characters. The built-in patterns, such as {@code *TOKEN*} and {@code *PASSWORD*}, stay in force.
         */
        @CanIgnoreReturnValue
        public Builder treatAsSecret(String... patterns) {
            for (String pattern : patterns) {
                secretPatterns.add(pattern.toUpperCase(Locale.ROOT));
            }
            return this;
        }

        /**
         * Sets a variable, whatever it is in the host.
         *
         * @throws InvalidPolicyException if the name is empty, or has a {@code =} or a NUL in it, or the value a NUL
         */
        @CanIgnoreReturnValue
        public Builder set(String name, String value) {
            EnvironmentNames.invalid(name, value).ifPresent(Builder::refuse);
            variables.remove(name); // so that of several spellings the last one wins where case does not matter
            variables.put(name, value);
            return this;
        }

        private static void refuse(PolicyRules.Violation violation) {
            throw new InvalidPolicyException(violation.code(), violation.message());
        }

        /** The policy. */
        public EnvironmentPolicy build() {
            return new ImmutableEnvironmentPolicy.Builder()
                    .base(base)
                    .addAllInherited(inherited)
                    .addAllSecretPatterns(secretPatterns)
                    .putAllVariables(variables)
                    .build();
        }
    }
}
