package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the corpus has no tool for: each line is as its program prints it. */
class LikelyDenialTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "thread main panicked: Os { code: 5, kind: PermissionDenied } (os error 5) => ERROR_ACCESS_DENIED",
                "ERREUR 5 (0x00000005) Copie du fichier C:\\x => ERROR_ACCESS_DENIED",
                "HRESULT: 0x80070005 (E_ACCESSDENIED) => ERROR_ACCESS_DENIED",
                "Zugriff verweigert => ERROR_ACCESS_DENIED",
                "アクセスが拒否されました。 => ERROR_ACCESS_DENIED",
                "npm error code EPERM => EPERM",
                "ping: socket: Operation not permitted => EPERM",
                "touch: cannot touch x: Read-only file system => EROFS",
                "OSError: [WinError 10013] An attempt was made to access a socket => WSAEACCES",
                "connect: Network is unreachable => ENETUNREACH",
                "curl: (6) Could not resolve host: example.com => NAME_RESOLUTION",
                "Error: getaddrinfo EAI_AGAIN registry.npmjs.org => NAME_RESOLUTION",
                "curl: (56) CONNECT tunnel failed, response 403 => PROXY_REFUSAL",
            })
    void theRuleIsTold(String text, LikelyDenial.Rule rule) {
        assertThat(failed(1, text).denial()).map(LikelyDenial::rule).contains(rule);
    }

    @Test
    void powerShellAndPythonAreUnderstoodInAnyLanguage() {
        assertThat(failed(
                                1,
                                "Set-Content : Der Zugriff auf den Pfad \"C:\\x\" wurde verweigert.\n"
                                        + "    + CategoryInfo          : PermissionDenied: (C:\\x:String) [Set-Content], "
                                        + "UnauthorizedAccessException")
                        .denial())
                .map(LikelyDenial::rule)
                .contains(LikelyDenial.Rule.ACCESS_EXCEPTION);
        assertThat(failed(1, "PermissionError: [WinError 5] Zugriff verweigert: 'C:\\\\x'")
                        .denial())
                .map(LikelyDenial::rule)
                .contains(LikelyDenial.Rule.ERROR_ACCESS_DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git@github.com: Permission denied (publickey).",
                "user@host: Permission denied, please try again.",
                "sudo: a password is required",
                "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)",
                "psql: error: ERROR:  permission denied for table accounts",
                "org.springframework.security.access.AccessDeniedException: Access is denied",
                "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied by policy",
                "curl: (22) The requested URL returned error: 403",
                "curl: (7) Failed to connect to localhost port 1 after 0 ms: Couldn't connect to server",
                "connect ECONNREFUSED 127.0.0.1:1",
                "java.lang.IllegalStateException: Permission denied by the rules of the game",
                "2026-01-02 10:00:00 WARN  open /var/lib/app: Permission denied",
                "+ open /var/lib/app: Permission denied",
                "FAIL AccessDeniedHandlerTest > rejects EACCES from the store",
                "dd: error reading 'x': Input/output error (os error 5)",
                "sqlite error: database is locked (5)",
            })
    void whatOthersRefuseIsNotTheSandboxs(String text) {
        assertThat(failed(1, text).denial()).isEmpty();
    }

    @Test
    void exitCodesThatMeanADenial() {
        assertThat(failed(0xC0000022, "").denial())
                .map(LikelyDenial::rule)
                .contains(LikelyDenial.Rule.STATUS_ACCESS_DENIED);
        assertThat(failed(128 + 31, "").denial()).map(LikelyDenial::rule).contains(LikelyDenial.Rule.SIGSYS);
        assertThat(failed(5, "").denial()).isEmpty();
        assertThat(failed(126, "").denial()).isEmpty();
        assertThat(failed(126, "bash: ./script: Permission denied").denial()).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the paths are those of Unix")
    void theEvidenceNamesStreamLineAndPath() {
        LikelyDenial denial = failed(1, "one\nmkdir: cannot create directory '/srv/a b': Permission denied")
                .denial()
                .orElseThrow();

        assertThat(denial.source()).isEqualTo(LikelyDenial.Source.STDERR);
        assertThat(denial.line()).isEqualTo(2);
        assertThat(denial.path()).contains(Path.of("/srv/a b"));
        assertThat(denial.capability()).contains(Capability.FILE_WRITE);
        assertThat(denial)
                .hasToString("FILE_WRITE likely denied (EACCES, STDERR line 2): "
                        + "mkdir: cannot create directory '/srv/a b': Permission denied");
    }

    @Test
    void theTextIsBoundedAndPrintable() {
        LikelyDenial denial = failed(1, "\u001B[31m" + "x".repeat(1000) + ": Permission denied")
                .denial()
                .orElseThrow();

        assertThat(denial.text()).hasSize(300).startsWith("?[31mxxx");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the paths are those of Unix")
    void whatThePolicyAllowsWasNotDenied() {
        SandboxPolicy policy =
                SandboxPolicy.builder().allowWrite(Path.of("/srv/work")).build();
        SandboxPolicy open = policy.toBuilder().network(NetworkAccess.ALLOWED).build();
        SandboxResult inside = failed(1, "touch: cannot touch '/srv/work/x': Permission denied");
        SandboxResult name = failed(6, "curl: (6) Could not resolve host: example.com");

        assertThat(inside.denial()).isPresent();
        assertThat(inside.denial(policy)).isEmpty();
        assertThat(inside.denial(
                        policy.toBuilder().denyWrite(Path.of("/srv/work/x")).build()))
                .isPresent();
        assertThat(name.denial(policy)).flatMap(LikelyDenial::host).contains("example.com");
        assertThat(name.denial(open)).isEmpty();
    }

    @Test
    void aLineOfAnyLengthAndKindIsJudged() {
        assertThat(failed(1, ("cannot create ".repeat(100_000) + "http://h:99999/ 403 Forbidden'\"\u2018"))
                        .denial(SandboxPolicy.readOnly().toBuilder()
                                .network(NetworkAccess.allowHosts("a.example.com"))
                                .build()))
                .isEmpty();
    }

    static SandboxResult failed(int exitCode, String stderr) {
        byte[] bytes = stderr.getBytes(StandardCharsets.UTF_8);
        return new SandboxResult(
                ImmutableList.of("program"),
                SandboxResult.Status.EXITED,
                exitCode,
                new CapturedOutput(new byte[0], new byte[0], 0, true, StandardCharsets.UTF_8),
                new CapturedOutput(bytes, new byte[0], bytes.length, true, StandardCharsets.UTF_8),
                Duration.ofMillis(1),
                ImmutableList.of());
    }
}
