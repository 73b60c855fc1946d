package io.cordon.sandbox.windows.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static ChildShape shape(IntegrityLevel level) {
        return ChildShape.of(
                new TokenShape(level, Optional.empty()), JobLimits.of(OptionalInt.of(4), OptionalLong.empty()), true);
    }

    private static Message.Launch launch(IntegrityLevel level) {
        return new Message.Launch(1, "C:\\a.exe", "a b", "A=1\0", "C:\\", ImmutableList.of(4L, 8L, 8L), shape(level));
    }

    private static final List<Message> MESSAGES = List.of(
            new Message.Hello(1, 2),
            launch(IntegrityLevel.MEDIUM_LOW),
            new Message.Started(1, 2),
            new Message.Failed(1, SandboxErrorCode.LAUNCH_FAILED, "step", 5, "text"),
            new Message.Kill(1),
            new Message.Exited(1, -1),
            new Message.Close());

    @Test
    void whatIsWrittenIsReadAndNothingShorterOrLongerIs() throws Exception {
        for (Message message : MESSAGES) {
            byte[] bytes = MessageCodec.encode(message);
            assertThat(MessageCodec.decode(bytes)).isEqualTo(message);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> MessageCodec.decode(cut)).isInstanceOf(ProtocolException.class);
            }
            assertThatThrownBy(() -> MessageCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void anyBytesAreAMessageOrAProtocolException() {
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = MessageCodec.encode(MESSAGES.get(random.nextInt(MESSAGES.size())));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(MessageCodec.encode(MessageCodec.decode(bytes))).isEqualTo(bytes);
            } catch (ProtocolException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void aLevelThatDoesNotConfineIsRefused() {
        assertThatThrownBy(() -> MessageCodec.decode(MessageCodec.encode(launch(IntegrityLevel.MEDIUM))))
                .isInstanceOf(ProtocolException.class);
    }
}
