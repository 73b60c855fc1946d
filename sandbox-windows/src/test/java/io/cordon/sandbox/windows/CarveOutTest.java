package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.windows.plan.PlanOptions;
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

/** What a policy protects in a root, on a machine that enforces integrity levels. */
@Tag("windows")
@Timeout(180)
class CarveOutTest {
    @TempDir
    Path temp;

    private Path root;
    private Path git;
    private Path config;
    private Path hooks;
    private Path secret;

    @BeforeEach
    void makeRoot() throws IOException {
        WindowsJvm.assumeEnforcing();
        root = temp.toRealPath().resolve("root");
        git = Files.createDirectories(root.resolve(".git"));
        config = Files.writeString(git.resolve("config"), "before");
        hooks = git.resolve("hooks");
        secret = Files.writeString(root.resolve("secret"), "before");
        for (Path file : List.of(git.resolve("HEAD"), git.resolve("old"), root.resolve("README"))) {
            Files.writeString(file, "before");
        }
    }

    private void makeHooks() throws IOException {
        Files.createDirectory(hooks);
        for (String name : List.of("write", "append", "rename", "delete")) {
            Files.writeString(hooks.resolve(name), "before");
        }
    }

    private SandboxPolicy.Builder policy() {
        return WindowsJvm.policy(root).denyWrite(config).denyWrite(hooks).denyRead(secret);
    }

    private static String text(SandboxResult result) {
        return (result.stdout().text() + result.stderr().text()).replace("\r", "");
    }

    /** In an order in which all of it succeeds where nothing is protected. */
    private ImmutableList<String> attacks() {
        List<String> arguments = new ArrayList<>(List.of("read", secret.toString(), "write", secret.toString()));
        for (String operation : List.of("write", "append", "rename", "delete")) {
            arguments.addAll(List.of(operation, hooks.resolve(operation).toString()));
        }
        arguments.addAll(List.of("create", hooks.resolve("create").toString()));
        for (String operation : List.of("read", "write", "append", "delete")) {
            arguments.addAll(List.of(operation, config.toString()));
        }
        arguments.addAll(List.of("rename", hooks.toString(), "rename", git.toString()));
        arguments.addAll(List.of("rename", secret.toString()));
        return WindowsJvm.attempts(arguments.toArray(new String[0]));
    }

    private static final String ALL_DONE = "read OK\nwrite OK\nwrite OK\nappend OK\nrename OK\ndelete OK\ncreate OK\n"
            + "read OK\nwrite OK\nappend OK\ndelete OK\nrename OK\nrename OK\nrename OK\n";
    /** Reading the configuration is not denied. */
    private static final String ALL_DENIED =
            ALL_DONE.replace("OK", "DENIED").replaceFirst("(?s)(create DENIED\nread) DENIED", "$1 OK");

    @Test
    void whatIsProtectedHoldsAndEverythingBesideItIsWritable() throws Exception {
        // given
        makeHooks();
        ImmutableList<WindowsJvm.Security> before =
                ImmutableList.copyOf(WindowsJvm.securities(root).values());
        try (Sandbox sandbox = Sandbox.open(policy().build())) {
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE_CARVE_OUT))
                    .isEqualTo(EnforcementLevel.FULL);
            assertThat(sandbox.enforcement().level(Capability.FILE_READ_DENY)).isEqualTo(EnforcementLevel.FULL);

            // when
            String attacked = text(sandbox.run(attacks()));
            String beside = text(sandbox.run(WindowsJvm.attempts(
                    "write", git.resolve("HEAD").toString(),
                    "append", root.resolve("README").toString(),
                    "read", root.resolve("README").toString(),
                    "create", git.resolve("new").toString(),
                    "mkdir", git.resolve("sub").toString(),
                    "delete", git.resolve("new").toString(),
                    "delete", git.resolve("sub").toString(),
                    "delete", git.toString())));

            // then
            assertThat(attacked).isEqualTo(ALL_DENIED);
            assertThat(beside)
                    .isEqualTo("write OK\nappend OK\nread OK\ncreate OK\nmkdir OK\ndelete OK\ndelete OK\n"
                            + "delete DENIED\n");
            assertThat(sandbox.violations()).isEmpty();
        }
        assertThat(config).hasContent("before");
        assertThat(hooks.resolve("write")).hasContent("before");
        assertThat(hooks.resolve("append")).hasContent("before");
        assertThat(ImmutableList.copyOf(WindowsJvm.securities(root).values())).isEqualTo(before);

        // the positive control comes last, because it changes the files
        assertThat(WindowsJvm.unconfined(attacks())).isEqualTo(ALL_DONE);
    }

    @Test
    void whatDoesNotExistIsRefusedOrAcceptedAndReportedWhenTheChildMakesIt() throws Exception {
        Throwable refused = catchThrowable(() -> Sandbox.open(policy().build()));
        assertThat(refused).isInstanceOf(UnenforceablePolicyException.class).hasMessageContaining("hooks");

        SandboxPolicy accepting =
                policy().acceptPartial(Capability.FILE_WRITE_CARVE_OUT).build();
        try (Sandbox sandbox = Sandbox.open(accepting)) {
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE_CARVE_OUT))
                    .isEqualTo(EnforcementLevel.PARTIAL);
            assertThat(sandbox.run("cmd.exe", "/d", "/c", "echo x>" + git.resolve("other"))
                            .violations())
                    .isEmpty();
            assertThat(sandbox.run("cmd.exe", "/d", "/c", "mkdir " + hooks).violations())
                    .containsExactly(hooks);
            assertThat(sandbox.violations()).containsExactly(hooks);
        }
        assertThat(hooks).exists();
    }

    @Test
    void whatDoesNotExistIsMadeAndGoesAwayIfNobodyUsesIt() throws Exception {
        WindowsSandboxBackend making = new WindowsSandboxBackend(PlanOptions.DEFAULT.withCreateMissingCarveOuts(true));
        ImmutableList<String> attack = ImmutableList.of("cmd.exe", "/d", "/c", "echo x>" + hooks.resolve("pre-commit"));
        try (Sandbox sandbox = Sandbox.open(policy().build(), making)) {
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE_CARVE_OUT))
                    .isEqualTo(EnforcementLevel.FULL);
            assertThat(hooks).isDirectory();
            assertThat(sandbox.run(attack).violations()).isEmpty();
            assertThat(hooks).isEmptyDirectory();
        }
        assertThat(hooks).doesNotExist();

        // what the user puts there stays, and that is what the attack would have made
        try (Sandbox sandbox = Sandbox.open(policy().build(), making)) {
            assertThat(sandbox.violations()).isEmpty();
            WindowsJvm.unconfined(attack);
        }
        assertThat(hooks.resolve("pre-commit")).exists();
        assertThat(WindowsJvm.security(hooks).label()).isEmpty();
    }
}
