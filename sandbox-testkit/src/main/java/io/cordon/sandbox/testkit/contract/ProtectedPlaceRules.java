package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** W12 to W14: what a policy protects inside of what is open. */
abstract class ProtectedPlaceRules extends Rules {
    @Test
    void required_W12_aCarveOutStaysAsItIs() throws Exception {
        Path holder = ContractScene.files(scene().workspace().resolve("holder"));
        Path kept = ContractScene.files(holder.resolve("kept"));
        SandboxPolicy.Builder policy = scene().policy().denyWrite(kept);
        unlessDeclared("W12", Capability.FILE_WRITE_CARVE_OUT, policy);
        SortedMap<String, String> before = ContractScene.contents(kept);
        try (Sandbox sandbox = scene().open(policy.build())) {
            scene().confined(sandbox, FileRules.files(holder, "write write", "delete delete"))
                    .isOk("the control: beside the carve-out");
            scene().confined(
                            sandbox,
                            FileRules.files(
                                    kept,
                                    "write write",
                                    "append append",
                                    "create new",
                                    "rename rename",
                                    "delete delete"))
                    .isDenied("in the carve-out");
            scene().confined(sandbox, FileRules.files(holder, "rename kept")).isDenied("moving the carve-out");
            scene().confined(sandbox, FileRules.files(scene().workspace(), "rename holder"))
                    .isDenied("moving what holds the carve-out");
            assertThat(ContractScene.contents(kept)).isEqualTo(before);
        }
        assertThat(ContractScene.contents(kept)).isEqualTo(before);
    }

    @Test
    void required_W13_whatIsDeniedForReadingIsNotRead() throws Exception {
        Path secret = ContractScene.files(scene().workspace().resolve("secret"));
        SandboxPolicy.Builder policy = scene().policy().denyRead(secret);
        unlessDeclared("W13", Capability.FILE_READ_DENY, policy);
        String[] read = FileRules.files(secret, "read read");
        try (Sandbox sandbox = scene().open(scene().policy().build())) {
            scene().confined(sandbox, read).isOk("the control: not denied by the policy");
        }
        try (Sandbox sandbox = scene().open(policy.build())) {
            scene().confined(sandbox, read).isDenied("denied by the policy");
        }
    }

    @Test
    void required_W14_whatIsNotListedForReadingIsNotRead() throws Exception {
        Path listed = ContractScene.files(scene().outside().resolve("listed"));
        SandboxPolicy.Builder policy = scene().policy().allowRead(listed, Path.of(System.getProperty("java.home")));
        unlessDeclared("W14", Capability.FILE_READ_LIMIT, policy);
        try (Sandbox sandbox = scene().open(policy.build())) {
            scene().confined(sandbox, FileRules.files(listed, "read read")).isOk("the control: listed");
            scene().confined(sandbox, FileRules.files(scene().outside(), "read read"))
                    .isDenied("not listed");
        }
        scene().unconfined(FileRules.files(scene().outside(), "read read")).isOk("the control: unconfined");
    }
}
