package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CommandLineProperties {
    @Property(tries = 10_000)
    void whatIsEncodedIsSplitIntoTheSameArguments(@ForAll("arguments") List<String> arguments) throws Exception {
        ImmutableList<String> command = ImmutableList.<String>builder()
                .add("C:\\Program Files\\a tool\\tool.exe")
                .addAll(arguments)
                .build();
        assertThat(ArgvDecoder.decode(CommandLine.encode(command))).isEqualTo(command);
    }

    /** Mostly of the characters that mean something. */
    @Provide
    Arbitrary<List<String>> arguments() {
        Arbitrary<Character> special =
                Arbitraries.of('\\', '"', ' ', '\t', 'a', '\'', '%', '^', '&', '\n', '\u000b', 'ä');
        return Arbitraries.oneOf(
                        special.list().ofMaxSize(12).map(CommandLineProperties::join),
                        Arbitraries.strings().withCharRange('\u0001', '\ud7ff').ofMaxLength(30))
                .list()
                .ofMaxSize(6);
    }

    private static String join(List<Character> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::append);
        return text.toString();
    }
}
