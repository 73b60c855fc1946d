package io.cordon.sandbox.linux.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.LinuxHost;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortCanaryTest {
    /** What the two attempts are answered. */
    private int udp;

    private int tcp;

    private final SystemCalls calls = (SystemCalls) Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (self, method, arguments) -> switch (method.getName()) {
                case "tryUdpSocket" -> udp;
                case "tryConnecting" -> tcp;
                default -> throw new AssertionError(method);
            });

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @ParameterizedTest
    @CsvSource({"111, 0", "0, 111", "111, 111"})
    void whatFailsUnconfinedProvesNothing(int udpUnconfined, int tcpUnconfined) {
        udp = udpUnconfined;
        tcp = tcpUnconfined;

        SandboxException refused = catchThrowableOfType(
                SandboxException.class, () -> PortCanary.listen(calls, true).close());

        assertThat(refused.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        assertThat(refused).hasMessageContaining("errno 111");
    }

    @ParameterizedTest
    @CsvSource({"13, 13, true", "0, 13, false", "13, 0, false", "0, 0, false"})
    void onlyWhereBothAreDeniedTheNetworkIs(int udpConfined, int tcpConfined, boolean denied) throws Exception {
        try (PortCanary canary = PortCanary.listen(calls, true)) {
            udp = udpConfined;
            tcp = tcpConfined;
            assertThat(canary.tryIt() != 0).isEqualTo(denied);
        }
    }

    @Test
    void withoutAnyNetworkNoPortIsNeeded() throws Exception {
        try (PortCanary canary = PortCanary.listen(LinuxHost.calls(), false)) {
            assertThat(canary.tryIt()).as("making a TCP socket, unconfined").isZero();
        }
    }
}
