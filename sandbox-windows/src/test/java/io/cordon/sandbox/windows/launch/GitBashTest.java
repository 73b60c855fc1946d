package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixed command of bash and the script in the environment, run by the bash of this machine if it has one. */
@Timeout(60)
class GitBashTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    Path directory;

    @BeforeAll
    static void assumeBash() {
        Assumptions.assumeTrue(Files.isExecutable(BASH), "there is no " + BASH);
    }

    private record Outcome(int exitCode, String stdout) {}

    static Stream<String> scripts() {
        return Stream.of(
                "",
                "exit 7",
                "  echo \"a  b\"   c  \n\n",
                "#!/bin/bash\n# a comment\necho 'it''s' \"\\\\ \\\" \\$\" \\\\ \\* *.txt ? [a] {x,y} ~ @file",
                "set -e\nfalse\necho not here",
                "printf '[%s]' $(echo a b) \"$IFS\" | od -c; echo ${CORDON_SCRIPT-unset} $-",
                "OLD=$IFS; IFS=,; x='a,b'; printf '<%s>' $x; IFS=$OLD; y='c d'; printf '<%s>' $y",
                "cat <<'END'\n $x `y` \\\n\"z\nEND",
                "cat <<END\n$((1 + 2)) $(echo \"n\")\nEND\n",
                "f() { local a=\"$1\"; [[ $a == b* ]] && return 3; }; f bcd",
                "if true; then\r\necho carriage\r\nfi",
                "echo äöü€\ud83d\ude00 \u0001\u007f",
                "echo \"unclosed",
                "x=$'a\\tb'; echo \"$x\" $x; shopt -s extglob; echo @(a|b)",
                "-x",
                "echo [a]b");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theScriptRunsAsIfBashHadReadItFromAFile(String script) throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("script.sh"), script);
        Files.writeString(directory.resolve("a.txt"), "");
        // What the variable would become if it were expanded as a pattern: of the last script, "ab" instead of "[a]b".
        Files.writeString(directory.resolve(GitBash.PROLOGUE.replace("\\", "") + "echo ab"), "");
        Outcome expected = run(List.of(BASH.toString(), file.toString()), Map.of());

        // when: of the line, bash gets these two arguments
        Outcome outcome =
                run(List.of(BASH.toString(), "-c", GitBash.COMMAND), GitBash.environment(ImmutableMap.of(), script));

        // then; the options that $- shows differ by the c of -c
        assertThat(outcome.exitCode()).isEqualTo(expected.exitCode());
        assertThat(outcome.stdout().replace("hBc", "hB")).isEqualTo(expected.stdout());
    }

    private Outcome run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
    }
}
