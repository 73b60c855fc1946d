package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class ExceptionsTest {
    @Test
    void aFailedStepCarriesTheSystemsCodeAndText() {
        NativeStepException failure =
                new NativeStepException(SandboxErrorCode.PREPARE_FAILED, "landlock_add_rule(/work)", 13, "denied");

        assertThat(failure)
                .hasMessage("PREPARE_FAILED: landlock_add_rule(/work) failed with 13 (denied)")
                .isInstanceOf(IOException.class);
        assertThat(failure.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        assertThat(failure.step()).isEqualTo("landlock_add_rule(/work)");
        assertThat(failure.systemCode()).isEqualTo(13);
    }

    @Test
    void aRefusalThatWasSerialisedKeepsItsMessageAndHasNoReport() throws Exception {
        UnenforceablePolicyException refusal = new UnenforceablePolicyException(
                "test", ImmutableList.of(Enforcement.none(Capability.NETWORK, "why", "what to do")));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(refusal);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            UnenforceablePolicyException copy = (UnenforceablePolicyException) in.readObject();

            assertThat(copy).hasMessage(refusal.getMessage());
            assertThat(copy.code()).isEqualTo(SandboxErrorCode.POLICY_UNENFORCEABLE);
            assertThat(copy.unmet()).isEmpty();
        }
    }
}
