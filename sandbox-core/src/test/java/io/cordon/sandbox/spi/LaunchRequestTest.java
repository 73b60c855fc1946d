package io.cordon.sandbox.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.TerminalSize;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaunchRequestTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    void theProgramIsTheFirstPartOfTheCommand() {
        assertThat(request(ImmutableList.of("git", "status"), HERE).program()).isEqualTo("git");
    }

    @Test
    void aCommandWithoutAProgramIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(ImmutableList.of(), HERE))
                .withMessage("the command has no program");
    }

    @Test
    void aRelativeDirectoryIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(ImmutableList.of("git"), Path.of("work")))
                .withMessage("the directory is relative: work");
    }

    @Test
    void aShellHasNoProgramButANameForMessages() {
        LaunchRequest request = LaunchRequest.of(Shell.CMD, "dir /b", HERE, ImmutableMap.of());

        assertThat(request.shell()).contains(Shell.CMD);
        assertThat(request.command()).containsExactly("dir /b");
        assertThat(request.program()).isEqualTo("a CMD script");
    }

    @Test
    void aShellWithMoreThanAScriptIsRefused() {
        LaunchRequest plain = request(ImmutableList.of("a", "b"), HERE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaunchRequest(
                        plain.command(),
                        Optional.of(Shell.BASH),
                        HERE,
                        ImmutableMap.of(),
                        Redirect.PIPE,
                        Redirect.PIPE,
                        Redirect.PIPE,
                        false,
                        Optional.empty()))
                .withMessage("a shell takes one script, not 2");
    }

    @Test
    void aTerminalAndARedirectExcludeEachOther() {
        LaunchRequest plain = request(ImmutableList.of("git"), HERE);
        TerminalSize size = new TerminalSize(80, 24);
        assertThat(plain.withTerminal(size).terminal()).contains(size);

        for (LaunchRequest redirected : List.of(
                plain.withStreams(Redirect.INHERIT, Redirect.PIPE, Redirect.PIPE),
                plain.withStreams(Redirect.PIPE, Redirect.DISCARD, Redirect.PIPE),
                plain.withStreams(Redirect.PIPE, Redirect.PIPE, Redirect.DISCARD))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> redirected.withTerminal(size))
                    .withMessage("a stream is redirected although there is a terminal");
        }
    }

    @Test
    void aCommandReplacesAShellAndKeepsTheRest() {
        LaunchRequest script = LaunchRequest.of(Shell.BASH, "ls", HERE, ImmutableMap.of("A", "b"))
                .withStreams(Redirect.DISCARD, Redirect.PIPE, Redirect.INHERIT);

        LaunchRequest command = script.withCommand(ImmutableList.of("bash", "-c", "ls"));

        assertThat(command)
                .isEqualTo(LaunchRequest.of(ImmutableList.of("bash", "-c", "ls"), HERE, ImmutableMap.of("A", "b"))
                        .withStreams(Redirect.DISCARD, Redirect.PIPE, Redirect.INHERIT));
    }

    private static LaunchRequest request(ImmutableList<String> command, Path directory) {
        return LaunchRequest.of(command, directory, ImmutableMap.of());
    }
}
