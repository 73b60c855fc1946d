package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest {
    static Stream<Arguments> examples() {
        return Stream.of(
                Arguments.of("a", "a.exe a"),
                Arguments.of("", "a.exe \"\""),
                Arguments.of("a b", "a.exe \"a b\""),
                Arguments.of("a\"b", "a.exe \"a\\\"b\""),
                Arguments.of("C:\\dir\\", "a.exe C:\\dir\\"),
                Arguments.of("C:\\a dir\\", "a.exe \"C:\\a dir\\\\\""),
                Arguments.of("a\\\"", "a.exe \"a\\\\\\\"\""));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anArgumentIsQuotedByTheRulesOfTheCRuntime(String argument, String line) throws Exception {
        assertThat(CommandLine.encode(ImmutableList.of("a.exe", argument))).isEqualTo(line);
    }

    @Test
    void aLineThatFitsJustIsPassedAndOneCharacterMoreIsRefused() throws Exception {
        assertThat(CommandLine.encode(ImmutableList.of("a", "b".repeat(32_764))))
                .hasSize(32_766);
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> CommandLine.encode(ImmutableList.of("a", "b".repeat(32_765))))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.COMMAND_INVALID))
                .withMessageContaining("32767 characters");
    }

    @Test
    void aProgramWithAQuoteInItsNameIsRefused() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> CommandLine.encode(ImmutableList.of("a\"b")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.COMMAND_INVALID));
    }

    /** The function of Windows that programs split their line with. */
    interface Shell32 extends StdCallLibrary {
        Pointer CommandLineToArgvW(String line, IntByReference count);
    }

    @Test
    @Tag("windows")
    void commandLineToArgvSplitsTheLineIntoTheSameArguments() throws Exception {
        // given
        Shell32 shell32 = Native.load("shell32", Shell32.class, W32APIOptions.UNICODE_OPTIONS);
        Random random = new Random(20260801);
        String alphabet = "\\\\\\\"\" \ta'%^&\u000bäß";
        for (int i = 0; i < 5_000; i++) {
            ImmutableList.Builder<String> command =
                    ImmutableList.<String>builder().add("C:\\a tool\\tool.exe");
            for (int n = random.nextInt(6); n > 0; n--) {
                command.add(random.ints(random.nextInt(12), 0, alphabet.length())
                        .mapToObj(at -> alphabet.substring(at, at + 1))
                        .reduce("", String::concat));
            }
            ImmutableList<String> expected = command.build();

            // when
            IntByReference count = new IntByReference();
            Pointer argv = shell32.CommandLineToArgvW(CommandLine.encode(expected), count);

            // then
            assertThat(ImmutableList.copyOf(argv.getWideStringArray(0, count.getValue())))
                    .isEqualTo(expected);
        }
    }
}
