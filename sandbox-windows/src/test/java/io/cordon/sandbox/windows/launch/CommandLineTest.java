package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    private static final int VECTORS = 100_000;

    /** Mostly of what means something to the splitting: backslash, quote, blank, tab; and of what must not. */
    private static final ImmutableList<String> ALPHABET = ImmutableList.copyOf(
            "\\,\\,\\,\\,\",\",\", , ,\t,\n,\r,\u000b,a,Z,',%,^,&,|,<,>,(,),$,`,*,?,=,;,/,-,ä,ß,€,語,"
                    .concat("\u0301,\u200b,\ufeff,\ud83d\ude00,\u0001,\u007f,\u00a0,\u3000")
                    .split(",", -1));

    /** Arguments, now and then none, and empty ones. */
    private static ImmutableList<String> arguments(Random random) {
        ImmutableList.Builder<String> command = ImmutableList.builder();
        command.add(random.nextBoolean() ? "C:\\a tool\\tool.exe" : "tool");
        for (int n = random.nextInt(7); n > 0; n--) {
            StringBuilder argument = new StringBuilder();
            for (int length = random.nextInt(random.nextInt(10) == 0 ? 60 : 10); length > 0; length--) {
                argument.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
            }
            command.add(argument.toString());
        }
        return command.build();
    }

    @Test
    @Tag("windows")
    @Timeout(120)
    void commandLineToArgvSplitsTheLineIntoTheSameArguments() throws Exception {
        // given
        Shell32 shell32 = Native.load("shell32", Shell32.class, W32APIOptions.UNICODE_OPTIONS);
        Random random = new Random(20260801);
        int differences = 0;
        long compared = 0;
        String first = "";
        for (int i = 0; i < VECTORS; i++) {
            ImmutableList<String> expected = arguments(random);

            // when
            IntByReference count = new IntByReference();
            Pointer argv = shell32.CommandLineToArgvW(CommandLine.encode(expected), count);
            ImmutableList<String> split = ImmutableList.copyOf(argv.getWideStringArray(0, count.getValue()));
            Kernel32.INSTANCE.LocalFree(argv);

            // then
            compared += expected.size() - 1;
            if (!split.equals(expected) && differences++ == 0) {
                first = expected + " became " + split;
            }
        }
        System.out.println("[cordon] CommandLineToArgvW: " + VECTORS + " vectors with " + compared
                + " arguments compared, " + differences + " differences");
        assertThat(differences).as(first).isZero();
        assertThat(compared).isGreaterThan(2L * VECTORS);
    }
}
