package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentPolicyTest {
    private static final boolean UNIX = false;
    private static final boolean WINDOWS = true;

    private static final Map<String, String> UNIX_HOST = Map.of(
            "PATH", "/bin",
            "HOME", "/home/me",
            "LC_ALL", "C",
            "EDITOR", "vi",
            "GITHUB_TOKEN", "t");

    private static final Map<String, String> WINDOWS_HOST = Map.of(
            "Path", "C:\\bin",
            "SystemRoot", "C:\\Windows",
            "ComSpec", "cmd.exe",
            "windir", "C:\\Windows",
            "PATHEXT", ".EXE",
            "SystemDrive", "C:",
            "UserProfile", "C:\\Users\\me",
            "HOME", "C:\\Users\\me",
            "Editor", "vi",
            "Github_Token", "t");

    @Test
    void noneKeepsWhatProgramsNeedToStart() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder().inheritNone().build();

        assertThat(policy.apply(UNIX_HOST, UNIX)).containsOnlyKeys("PATH");
        assertThat(policy.apply(WINDOWS_HOST, WINDOWS))
                .containsOnlyKeys("ComSpec", "Path", "PATHEXT", "SystemDrive", "SystemRoot", "windir");
    }

    @Test
    void coreAddsWhatToolsCommonlyNeed() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder().inheritCore().build();

        assertThat(policy.apply(UNIX_HOST, UNIX)).containsOnlyKeys("PATH", "HOME", "LC_ALL");
        assertThat(policy.apply(WINDOWS_HOST, WINDOWS))
                .containsOnlyKeys("ComSpec", "Path", "PATHEXT", "SystemDrive", "SystemRoot", "UserProfile", "windir");
    }

    @Test
    void coreIsTheDefault() {
        assertThat(EnvironmentPolicy.builder().build())
                .isEqualTo(EnvironmentPolicy.builder().inheritCore().build());
    }

    @Test
    void allAddsEverythingThatDoesNotLookLikeASecret() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder().inheritAll().build();

        assertThat(policy.apply(UNIX_HOST, UNIX)).containsOnlyKeys("PATH", "HOME", "LC_ALL", "EDITOR");
        assertThat(policy.apply(WINDOWS_HOST, WINDOWS))
                .hasSize(WINDOWS_HOST.size() - 1)
                .doesNotContainKey("Github_Token");
    }

    @Test
    void valuesAreThoseOfTheHostAndNamesAreSorted() {
        assertThat(EnvironmentPolicy.builder()
                        .inheritAll()
                        .build()
                        .apply(UNIX_HOST, UNIX)
                        .entrySet())
                .containsExactly(
                        Map.entry("EDITOR", "vi"),
                        Map.entry("HOME", "/home/me"),
                        Map.entry("LC_ALL", "C"),
                        Map.entry("PATH", "/bin"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GITHUB_TOKEN",
                "token",
                "TokenFile",
                "CLIENT_SECRET",
                "DB_PASSWORD",
                "MYSQL_PASSWD",
                "GPG_PASSPHRASE",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "OPENAI_API_KEY",
                "OPENAI_APIKEY",
                "AWS_ACCESS_KEY_ID",
                "PRIVATE_KEY_PATH",
                "STRIPE_KEY",
                "AZURE_PAT",
                "DB_PWD",
                "SENTRY_DSN",
                "SSH_AUTH_SOCK",
                "NPM_AUTH",
                "SESSION_COOKIE",
                "AZURE_STORAGE_CONNECTION_STRING",
                "DATABASE_URL",
                "DBUS_SESSION_BUS_ADDRESS",
                "DOCKER_HOST",
                "KUBECONFIG",
                "NETRC",
                "PGPASSFILE"
            })
    void aNameThatLooksLikeASecretIsNotInheritedUnlessItIsNamed(String name) {
        Map<String, String> host = Map.of(name, "value");

        assertThat(EnvironmentPolicy.builder().inheritAll().build().apply(host, UNIX))
                .isEmpty();
        assertThat(EnvironmentPolicy.builder().inheritAll().build().apply(host, WINDOWS))
                .isEmpty();
        assertThat(EnvironmentPolicy.builder()
                        .inheritNone()
                        .inherit(name)
                        .build()
                        .apply(host, UNIX))
                .isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEYBOARD", "MONKEY", "PATTERN", "PWD", "OLDPWD", "DOCKER_HOSTNAME", "EDITOR", "JAVA_OPTS"})
    void aNameThatOnlyResemblesASecretIsInherited(String name) {
        assertThat(EnvironmentPolicy.builder().inheritAll().build().apply(Map.of(name, "value"), UNIX))
                .containsOnlyKeys(name);
    }

    @Test
    void aSecretWhoseNameHasALineBreakIsNotInherited() {
        assertThat(EnvironmentPolicy.builder().inheritAll().build().apply(Map.of("A\nTOKEN\nB", "value"), UNIX))
                .isEmpty();
    }

    @Test
    void whatIsNoNameIsNotInherited() {
        // cmd.exe keeps the current directory of each drive in such variables.
        Map<String, String> host = Map.of("=C:", "C:\\work", "", "empty", "EDITOR", "vi");

        assertThat(EnvironmentPolicy.builder().inheritAll().build().apply(host, WINDOWS))
                .containsOnlyKeys("EDITOR");
    }

    @Test
    void ownPatternsAreAddedToTheBuiltInOnes() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder()
                .inheritAll()
                .treatAsSecret("acme_*", "exact")
                .build();

        assertThat(policy.apply(
                        Map.of(
                                "ACME_ID",
                                "1",
                                "Acme_x",
                                "1",
                                "MY_ACME_ID",
                                "1",
                                "EXACT",
                                "1",
                                "EXACTLY",
                                "1",
                                "A_TOKEN",
                                "1"),
                        UNIX))
                .containsOnlyKeys("MY_ACME_ID", "EXACTLY");
    }

    @Test
    void aPatternIsNoRegularExpression() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder()
                .inheritAll()
                .treatAsSecret("A.C", "[XY]")
                .build();

        assertThat(policy.apply(Map.of("ABC", "1", "A.C", "1", "X", "1"), UNIX)).containsOnlyKeys("ABC", "X");
    }

    @Test
    void whatProgramsNeedIsInheritedAlsoWhenItIsCalledASecret() {
        EnvironmentPolicy policy =
                EnvironmentPolicy.builder().inheritNone().treatAsSecret("*").build();

        assertThat(policy.apply(UNIX_HOST, UNIX)).containsOnlyKeys("PATH");
    }

    @Test
    void aNameIsComparedAsThePlatformDoes() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder()
                .inheritNone()
                .inherit("github_token")
                .build();

        assertThat(policy.apply(UNIX_HOST, UNIX)).containsOnlyKeys("PATH");
        assertThat(policy.apply(WINDOWS_HOST, WINDOWS)).containsEntry("Github_Token", "t");
    }

    @Test
    void aVariableThatIsSetReplacesTheHostsInTheSpellingOfThePolicy() {
        EnvironmentPolicy policy =
                EnvironmentPolicy.builder().inheritCore().set("PATH", "mine").build();

        assertThat(policy.apply(UNIX_HOST, UNIX)).containsEntry("PATH", "mine").hasSize(3);
        assertThat(policy.apply(WINDOWS_HOST, WINDOWS))
                .containsEntry("PATH", "mine")
                .doesNotContainKey("Path")
                .hasSize(7);
    }

    @Test
    void aVariableIsSetWhateverItsNameLooksLike() {
        EnvironmentPolicy policy =
                EnvironmentPolicy.builder().inheritNone().set("MY_TOKEN", "t").build();

        assertThat(policy.apply(Map.of(), UNIX)).containsExactly(Map.entry("MY_TOKEN", "t"));
    }

    @Test
    void theLastOfSeveralSpellingsWinsOnWindows() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder()
                .inheritNone()
                .set("Mode", "1")
                .set("MODE", "2")
                .set("Mode", "3")
                .build();

        assertThat(policy.apply(Map.of(), WINDOWS)).containsExactly(Map.entry("Mode", "3"));
        assertThat(policy.apply(Map.of(), UNIX)).containsOnly(Map.entry("Mode", "3"), Map.entry("MODE", "2"));
    }

    @Test
    void theBuilderOfAPolicyHoldsWhatItSays() {
        EnvironmentPolicy policy = EnvironmentPolicy.builder()
                .inheritAll()
                .inherit("MY_TOKEN")
                .treatAsSecret("X*")
                .set("CI", "1")
                .build();

        assertThat(policy.toBuilder().build()).isEqualTo(policy).hasSameHashCodeAs(policy);
        assertThat(policy.toBuilder().inheritNone().build()).isNotEqualTo(policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "=", "A\0B"})
    void whatIsNoNameIsRefused(String name) {
        String message = "ENVIRONMENT_NAME_INVALID: environment variable '" + name.replace("\0", "\\0")
                + "': a name is not empty and has neither '=' nor NUL in it; rename it";

        assertRefused(SandboxErrorCode.ENVIRONMENT_NAME_INVALID, message, builder -> builder.set(name, "value"));
        assertRefused(SandboxErrorCode.ENVIRONMENT_NAME_INVALID, message, builder -> builder.inherit("OK", name));
    }

    @Test
    void aValueWithANulIsRefused() {
        assertRefused(
                SandboxErrorCode.ENVIRONMENT_VALUE_INVALID,
                "ENVIRONMENT_VALUE_INVALID: environment variable 'A' has a NUL at index 2 of its value; remove it",
                builder -> builder.set("A", "xy\0z"));
    }

    private static void assertRefused(SandboxErrorCode code, String message, Consumer<EnvironmentPolicy.Builder> call) {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(() -> call.accept(EnvironmentPolicy.builder()))
                .withMessage(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
