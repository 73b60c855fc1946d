package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxResultTest {
    @Test
    void onlyAnExitWithCodeZeroIsASuccess() {
        assertThat(result(SandboxResult.Status.EXITED, 0, "", "").succeeded()).isTrue();
        assertThat(result(SandboxResult.Status.EXITED, 1, "", "").succeeded()).isFalse();
        assertThat(result(SandboxResult.Status.TIMED_OUT, 0, "", "").succeeded())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "touch: cannot touch 'x': Permission denied",
                "chown: Operation not permitted",
                "mkdir: Read-only file system",
                "Access is denied.",
                "java.nio.file.AccessDeniedException: x",
                "PermissionError: [Errno 13]",
                "Error: EACCES: permission denied",
                "EPERM"
            })
    void aFailureThatSpeaksOfADeniedAccessWasLikelyDenied(String text) {
        assertThat(result(SandboxResult.Status.EXITED, 1, "", text).likelyDenied())
                .isTrue();
        assertThat(result(SandboxResult.Status.EXITED, 1, text, "").likelyDenied())
                .isTrue();
        assertThat(result(SandboxResult.Status.TIMED_OUT, 137, text, "").likelyDenied())
                .isTrue();
    }

    @Test
    void aSuccessWasNotDeniedWhateverItSays() {
        assertThat(result(SandboxResult.Status.EXITED, 0, "Permission denied", "")
                        .likelyDenied())
                .isFalse();
    }

    @Test
    void aFailureThatSaysSomethingElseWasNotDenied() {
        assertThat(result(SandboxResult.Status.EXITED, 2, "no such file", "").likelyDenied())
                .isFalse();
    }

    private static SandboxResult result(SandboxResult.Status status, int exitCode, String out, String err) {
        return new SandboxResult(
                ImmutableList.of("program"),
                status,
                exitCode,
                output(out),
                output(err),
                Duration.ofMillis(1),
                ImmutableList.of());
    }

    private static CapturedOutput output(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new CapturedOutput(bytes, new byte[0], bytes.length, true, StandardCharsets.UTF_8);
    }
}
