package io.cordon.sandbox.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
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

    private static LaunchRequest request(ImmutableList<String> command, Path directory) {
        return new LaunchRequest(
                command, directory, ImmutableMap.of(), Redirect.PIPE, Redirect.PIPE, Redirect.PIPE, false);
    }
}
