package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** P01 to P04: what a process is started with. */
abstract class ProcessRules extends Rules {
    private static final String MINE = "CORDON_CONTRACT_VARIABLE";

    private Sandbox open() throws Exception {
        return scene().open(scene().policy().build());
    }

    @Test
    void required_P01_argumentsArriveAsTheyAre() throws Exception {
        unlessDeclared("P01");
        List<String> odd =
                List.of("a b", "", "\"", "a\"b c", "\\", "c:\\d e\\", "\\\\\"", "%PATH%", "$HOME", "'", "&|<>^");
        String[] arguments = new String[odd.size() + 1];
        arguments[0] = "arguments";
        for (int i = 0; i < odd.size(); i++) {
            arguments[i + 1] = odd.get(i);
        }
        String expected = ProcessProbe.encoded(odd);
        try (Sandbox sandbox = open()) {
            Attempt attempt = scene().confined(sandbox, arguments);
            attempt.isOk("odd arguments");
            assertThat(attempt.said()).isEqualTo(expected);
        }
    }

    @Test
    void required_P02_noVariableOfTheJvmThatThePolicyDoesNotGive() throws Exception {
        unlessDeclared("P02");
        SandboxPolicy policy = scene().policy()
                .environment(environment -> environment.set(MINE, "given"))
                .build();
        Map<String, String> given = policy.environment().apply(System.getenv(), File.separatorChar == '\\');
        // What the system gives to every process is nobody's leak.
        Attempt bare = scene().unconfined(given, "environment");
        bare.isOk("the control: a plain process with the variables of the policy");
        List<String> secrets = System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .filter(variable -> !bare.said().contains(ProcessProbe.encoded(List.of(variable))))
                .toList();
        assumeFalse(secrets.isEmpty(), "this JVM has no variable that the policy does not give");
        String unconfined = scene().unconfined("environment").said();
        assertThat(secrets)
                .as("the control: unconfined")
                .anyMatch(variable -> unconfined.contains(ProcessProbe.encoded(List.of(variable))));
        try (Sandbox sandbox = scene().open(policy)) {
            String seen = scene().confined(sandbox, "environment").said();
            assertThat(seen).contains(ProcessProbe.encoded(List.of(MINE + "=given")));
            assertThat(secrets)
                    .as("what the child sees of the JVM's variables: %s", seen)
                    .noneMatch(variable -> seen.contains(ProcessProbe.encoded(List.of(variable))));
        }
    }

    @Test
    void required_P03_inputOutputAndErrorsAreThree() throws Exception {
        unlessDeclared("P03");
        try (Sandbox sandbox = open()) {
            Process process = sandbox.process(scene().command("copy")).start();
            try (OutputStream input = process.getOutputStream()) {
                input.write("from the host".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("from the host");
            assertThat(process.getErrorStream().readAllBytes()).asString().endsWith("errors");
            assertThat(process.waitFor()).isEqualTo(Probe.OK);
        }
    }

    @Test
    void required_P04_theDirectoryIsTheWorkspace() throws Exception {
        unlessDeclared("P04");
        try (Sandbox sandbox = open()) {
            assertThat(Path.of(scene().confined(sandbox, "directory").said())).isEqualTo(scene().workspace());
        }
    }
}
