package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sandbox whose children run as the provisioned account, from its choice to its end; {@code run-account.sh} provisions.
 * Each denial has its positive control.
 */
@Tag("windows-account")
@Timeout(300)
class AccountTest {
    private static final String ALL = "read OK\nwrite OK\nappend OK\nrename OK\ndelete OK\ncreate OK\nmkdir OK\n";

    @TempDir
    Path temp;

    private Path root;
    private Path outside;

    @BeforeEach
    void makeDirectories() throws IOException {
        root = files("root");
        outside = files("outside");
    }

    private Path files(String name) throws IOException {
        Path directory = Files.createDirectories(temp.toRealPath().resolve(name).resolve("sub"));
        for (String file : ImmutableList.of("read", "write", "append", "rename", "delete")) {
            Files.writeString(directory.resolve(file), "before");
        }
        return temp.toRealPath().resolve(name);
    }

    private SandboxPolicy.Builder policy() {
        return SandboxPolicy.builder()
                .allowWrite(root)
                .environment(environment -> environment.inheritCore())
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE, Capability.NETWORK);
    }

    private static String text(SandboxResult result) {
        return (result.stdout().text() + result.stderr().text()).replace("\r", "");
    }

    private static ImmutableList<String> attempts(Path directory) {
        List<String> arguments = new ArrayList<>();
        for (String name : ImmutableList.of("read", "write", "append", "rename", "delete", "create", "mkdir")) {
            arguments.add(name);
            arguments.add(directory.resolve("sub").resolve(name).toString());
        }
        return WindowsJvm.attempts(arguments.toArray(new String[0]));
    }

    @Test
    void itWritesInTheRootAndNowhereElseAndReachesNoNetwork() throws Exception {
        var before = WindowsJvm.securities(root);
        try (LoopbackHost host = LoopbackHost.open()) {
            try (Sandbox sandbox = Sandbox.open(policy().build())) {
                assertThat(sandbox.enforcement().level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
                assertThat(sandbox.enforcement().get(Capability.NETWORK).mechanism())
                        .contains("filters of the Windows Filtering Platform on the account CordonOff-");
                assertThat(text(sandbox.run(attempts(root)))).isEqualTo(ALL);
                assertThat(text(sandbox.run(attempts(outside))).lines())
                        .filteredOn(line -> !line.startsWith("read "))
                        .hasSize(6)
                        .allMatch(line -> line.endsWith(" DENIED"));
                assertThat(text(sandbox.run(ImmutableList.<String>builder()
                                .addAll(WindowsJvm.attempts().subList(0, 6))
                                .add(NetworkMain.class.getName())
                                .add(host.arguments())
                                .build())))
                        .isEqualTo(host.expected("DENIED"));
                assertThat(host.reached()).isZero();
            }
            assertThat(WindowsJvm.unconfined(WindowsJvm.java(NetworkMain.class, host.arguments())))
                    .isEqualTo(host.expected("OK"));
        }
        assertThat(WindowsJvm.unconfined(attempts(outside))).isEqualTo(ALL);
        try (var left = Files.list(root.resolve("sub"))) {
            for (Path made : left.filter(file -> !before.containsKey(file)).toList()) {
                assertThat(WindowsJvm.security(made).label())
                        .as(made.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void itIsChosenAndExplained() throws Exception {
        assertThat(new WindowsSandboxBackend().plan(policy().build()).explain())
                .contains(
                        "Confinement: ACCOUNT, because the policy closes the network, and the filters of the provisioned "
                                + "account enforce that");
    }
}
