package io.cordon.sandbox.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.CodePage;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.SandboxedProcessBuilder;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a shell makes of a script. Stock Wine has a cmd.exe too, so that its gaps are accepted here. */
@Tag("windows")
@Timeout(300)
class ShellTest {
    private static final int PROCESSES = 20;
    private static final int SCRIPTS_EACH = 30;

    @TempDir
    Path temp;

    private Path root;
    private Sandbox sandbox;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        sandbox = Sandbox.open(WindowsJvm.policy(root)
                .bestEffort(Capability.values())
                .environment(environment -> environment.set("GIVEN", "a \"value\" & more"))
                .limits(limits -> limits.timeout(Duration.ofSeconds(60)))
                .build());
    }

    @AfterEach
    void close() throws SandboxException {
        sandbox.close();
    }

    private byte[] confined(String script) throws Exception {
        SandboxResult result = sandbox.run(Shell.CMD, script);
        assertThat(result.status()).isEqualTo(SandboxResult.Status.EXITED);
        return result.stdout().bytes();
    }

    /** The output of the same line, as it would be typed, started by CreateProcess alone. */
    private byte[] byHand(String script) throws Exception {
        return HandStarted.run(
                WindowsPlaces.ofThisJvm().commandInterpreter().toString(),
                "cmd /d /s /c \"" + script + "\"",
                root,
                temp.resolve("by-hand"));
    }

    @Test
    void generatedScriptsPrintWhatTheyPrintWhenTheLineIsStartedByHand() throws Exception {
        Random random = new Random(20261124);
        for (int i = 0; i < PROCESSES; i++) {
            List<String> scripts = new ArrayList<>();
            for (int j = 0; j < SCRIPTS_EACH; j++) {
                scripts.add("echo " + j + text(random));
            }
            String script = String.join("&", scripts);

            byte[] confined = confined(script);

            assertThat(new String(confined, UTF_8).lines()).as(script).hasSize(SCRIPTS_EACH);
            assertThat(confined).as(script).isEqualTo(byHand(script));
        }
        System.out.println("[cordon] cmd.exe: " + PROCESSES * SCRIPTS_EACH + " scripts in " + PROCESSES
                + " processes print what the same lines print");
    }

    /** Text that echo prints in one line: what would pipe, redirect or end the command is quoted or escaped. */
    private static String text(Random random) {
        List<String> pieces = ImmutableList.of(
                " ",
                "  ",
                "a",
                "\\",
                "\\\\",
                "/",
                "'",
                "%",
                "%%",
                "%x",
                "%CORDON_UNSET%",
                "!",
                "=",
                ";",
                ",",
                "*",
                "?",
                "~",
                "`",
                "^^",
                "^&",
                "^|",
                "^<",
                "^>",
                "^a",
                "\"\"",
                "\"a & b\"",
                "\" | < > ^ \"",
                "\"\\\"",
                "\"a\\\\\"",
                "(",
                ")",
                "@",
                "#",
                "$",
                "[",
                "]",
                "{",
                "}",
                "\u00e4",
                "\u00df",
                "\u20ac",
                "\u8a9e");
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.append("\\").toString();
    }

    /** What Microsoft documents of quotes, carets and variables, not only what this cmd.exe does. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "echo \"a & b\" ^& c#\"a & b\" & c",
                "echo one& echo two#one|two",
                "echo a\\#a\\",
                "echo \"a\\\"#\"a\\\"",
                "echo %GIVEN:~0,1%b#ab",
                "echo %%x%%#%%x%%",
                "cmd /d /c \"echo x y\"#x y",
                "\"%SystemRoot%\\System32\\cmd.exe\" /d /s /c \"echo \"x\" \"y\"\"#\"x\" \"y\"",
                "for %i in (a b) do @echo [%i]#[a]|[b]",
                "if 1==1 (echo yes) else echo no#yes",
                "echo x> file.txt& type file.txt#x"
            })
    void aScriptMeansWhatItMeansWhenItIsTyped(String script, String lines) throws Exception {
        assertThat(new String(confined(script), UTF_8).lines().map(String::stripTrailing))
                .containsExactly(lines.split("\\|"));
    }

    @ParameterizedTest
    @CsvSource({
        "exit 3,3",
        "exit /b 4,4",
        "cmd /d /c exit 5,5",
        "echo x& cmd /d /c exit 6,6",
        "cmd /d /c exit 7& echo x,7",
        "echo x,0",
        "'',0"
    })
    void theExitCodeIsThatOfTheScript(String script, int code) throws Exception {
        // On Windows echo leaves the code of the command before it; cmd exits with that.
        assertThat(sandbox.run(Shell.CMD, script).exitCode()).isEqualTo(code);
    }

    @Test
    void aScriptIsConfinedAsAProgramIs() throws Exception {
        WindowsJvm.assumeEnforcing();
        Path victim = Files.writeString(temp.resolve("victim"), "before");
        HandStarted.run(
                WindowsPlaces.ofThisJvm().commandInterpreter().toString(),
                "cmd /d /s /c \"echo by hand> \"" + victim + "\"\"",
                root,
                temp.resolve("by-hand"));
        assertThat(victim).content().startsWith("by hand");

        confined("echo confined> \"" + victim + "\"");

        // Not the exit code: the cmd.exe of Wine exits with 0 after a redirect that failed.
        assertThat(victim).content().startsWith("by hand");
    }

    @Test
    void theCodePagesAreThoseThatJavaAndTheConsoleName() throws Exception {
        assertThat(sandbox.charset(CodePage.ANSI)).isEqualTo(Charset.forName(System.getProperty("sun.jnu.encoding")));
        String number = new String(confined("chcp"), UTF_8).replaceAll("\\D", "");
        assertThat(NativeCalls.windows().host().oemCodePage()).isEqualTo(Integer.parseInt(number));
    }

    @Test
    void whatCmdPrintsIsDecodedInTheOemCodePage() throws Exception {
        Charset oem = sandbox.charset(CodePage.OEM);
        String text = "\u00e4\u00f6\u00fc\u00e9\u00df";
        assumeTrue(oem.newEncoder().canEncode(text), oem + " has no umlauts");

        SandboxResult result =
                sandbox.process(Shell.CMD, "echo " + text).charset(CodePage.OEM).run();

        assertThat(result.stdout().text().strip()).isEqualTo(text);
        assertThat(result.stdout().bytes()).startsWith(text.getBytes(oem));
    }

    @Test
    void whatIsUtf8IsDecodedAsThat() throws Exception {
        String text = "\u00e4\u20ac\u8a9e\ud83d\ude00";
        Files.writeString(root.resolve("utf8.txt"), text);

        assertThat(sandbox.process(Shell.CMD, "type utf8.txt")
                        .charset(UTF_8)
                        .run()
                        .stdout()
                        .text())
                .isEqualTo(text);
    }

    @Test
    void aChildWithoutVariablesHasThoseThatItNeedsAndNoHiddenOnes() throws Exception {
        SandboxedProcessBuilder builder = sandbox.process(WindowsJvm.attempts("env", "-"));
        builder.environment().clear();

        List<String> variables = builder.run().stdout().text().lines().toList();

        assertThat(variables)
                .anySatisfy(line -> assertThat(line).startsWithIgnoringCase("SystemRoot="))
                .anySatisfy(line -> assertThat(line).startsWith("TEMP="))
                .noneSatisfy(line -> assertThat(line).startsWith("GIVEN="))
                .noneSatisfy(line -> assertThat(line).startsWith("="));
    }

    @Test
    void aShellThatIsNotThereIsRefusedWithTheRemedy() {
        SandboxException refused =
                catchThrowableOfType(SandboxException.class, () -> sandbox.run(Shell.BASH, "echo x"));
        assumeTrue(refused != null, "there is a Git for Windows here");
        assertThat(refused.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND);
        assertThat(refused).hasMessageContaining("no Git for Windows").hasMessageContaining("Shell.CMD");
    }

    @Test
    void aScriptThatCmdWouldCutIsRefusedAndNothingOfItRuns() throws Exception {
        SandboxException refused =
                catchThrowableOfType(SandboxException.class, () -> sandbox.run(Shell.CMD, "echo x> trace\necho y"));
        assertThat(refused.code()).isEqualTo(SandboxErrorCode.COMMAND_INVALID);
        assertThat(root.resolve("trace")).doesNotExist();
        assertThat(sandbox.run(Shell.CMD, "echo x> trace").succeeded()).isTrue();
        assertThat(root.resolve("trace")).exists();
    }

    /** What is documented in PowerShellScript; nothing of it can be seen on Wine. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "exit 3#3##",
                "cmd /c exit 7#7##",
                "cmd /c exit 7; 'after'#0#after#",
                "Get-Item no-such-file#1##no-such-file",
                "throw 'bang'#1##bang",
                "'a' + [char]34 + \"b\"#0#a\"b#",
                "if (1) {#1##"
            })
    void aPowerShellScriptRuns(String script, int code, String output, String errors) throws Exception {
        assumeTrue(
                System.getProperty("cordon.test.wine") == null,
                "the powershell.exe of Wine does nothing and exits with 0");

        SandboxResult result = sandbox.run(Shell.POWERSHELL, script);

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(code);
        assertThat(result.stdout().text().strip()).isEqualTo(output == null ? "" : output);
        assertThat(result.stderr().text())
                .contains(errors == null ? "" : errors)
                .doesNotContain("CLIXML");
    }
}
