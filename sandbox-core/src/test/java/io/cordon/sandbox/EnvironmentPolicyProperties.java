package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EnvironmentPolicyProperties {
    /** Written down once more, so that a change of the list is a change of this test. */
    private static final Set<String> REQUIRED =
            Set.of("PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC");

    @Property
    void nothingOutsideTheBaseGetsThrough(@ForAll("hosts") Map<String, String> host, @ForAll boolean ignoreCase) {
        EnvironmentPolicy policy = EnvironmentPolicy.builder().inheritNone().build();

        assertThat(policy.apply(host, ignoreCase).keySet())
                .allSatisfy(name -> assertThat(REQUIRED).contains(ignoreCase ? upper(name) : name));
    }

    @Property
    void everyVariableIsOneOfTheHostsOrOneThatIsSet(
            @ForAll("hosts") Map<String, String> host,
            @ForAll("hosts") Map<String, String> set,
            @ForAll EnvironmentPolicy.Base base,
            @ForAll boolean ignoreCase) {
        EnvironmentPolicy.Builder builder = builder(base);
        set.forEach(builder::set);

        assertThat(builder.build().apply(host, ignoreCase).entrySet())
                .allSatisfy(variable -> assertThat(host.entrySet().contains(variable)
                                || set.entrySet().contains(variable))
                        .isTrue());
    }

    @Property
    void aSecretIsInheritedOnlyWhenItIsNamed(
            @ForAll("secrets") String secret,
            @ForAll("hosts") Map<String, String> host,
            @ForAll EnvironmentPolicy.Base base,
            @ForAll boolean ignoreCase) {
        host.put(secret, "hidden");

        assertThat(builder(base).build().apply(host, ignoreCase)).doesNotContainValue("hidden");
        assertThat(builder(base).inherit(secret).build().apply(host, ignoreCase))
                .containsEntry(secret, "hidden");
    }

    @Property
    void aLargerBaseNeverInheritsLess(@ForAll("hosts") Map<String, String> host, @ForAll boolean ignoreCase) {
        Map<String, String> none =
                EnvironmentPolicy.builder().inheritNone().build().apply(host, ignoreCase);
        Map<String, String> core =
                EnvironmentPolicy.builder().inheritCore().build().apply(host, ignoreCase);
        Map<String, String> all =
                EnvironmentPolicy.builder().inheritAll().build().apply(host, ignoreCase);

        assertThat(core).containsAllEntriesOf(none);
        assertThat(all).containsAllEntriesOf(core);
    }

    @Provide
    Arbitrary<Map<String, String>> hosts() {
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('A', 'z').ofMinLength(1).ofMaxLength(8),
                Arbitraries.of("PATH", "Path", "HOME", "LANG", "LC_CTYPE", "SystemRoot", "TEMP", "USERPROFILE"));
        // Upper-case values, so that none of them is the "hidden" of a secret.
        return Arbitraries.maps(
                        names, Arbitraries.strings().withCharRange('A', 'Z').ofMaxLength(4))
                .ofMaxSize(6);
    }

    /** A telling word in any case, between characters that a name may have, line breaks among them. */
    @Provide
    Arbitrary<String> secrets() {
        Arbitrary<String> words =
                Arbitraries.of("TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "API_KEY", "AUTH", "COOKIE", "ACCESS_KEY");
        Arbitrary<String> around = Arbitraries.strings().excludeChars('=', '\0').ofMaxLength(4);
        return Combinators.combine(around, words, around, Arbitraries.of(true, false))
                .as((before, word, after, lower) -> before + (lower ? word.toLowerCase(Locale.ROOT) : word) + after);
    }

    private static EnvironmentPolicy.Builder builder(EnvironmentPolicy.Base base) {
        EnvironmentPolicy.Builder builder = EnvironmentPolicy.builder();
        return switch (base) {
            case NONE -> builder.inheritNone();
            case CORE -> builder.inheritCore();
            case ALL -> builder.inheritAll();
        };
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
