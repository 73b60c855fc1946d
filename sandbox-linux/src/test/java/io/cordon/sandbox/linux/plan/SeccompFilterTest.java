package io.cordon.sandbox.linux.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter's answers, call by call, on both architectures, without a kernel. */
class SeccompFilterTest {
    private static final int READ_X86_64 = 0;
    private static final int READ_AARCH64 = 63;
    private static final int AUDIT_ARCH_I386 = 0x40000003;
    private static final Set<Syscall> TOO_NEW = Set.of(Syscall.SETXATTRAT, Syscall.REMOVEXATTRAT, Syscall.FILE_SETATTR);

    private static int answer(Architecture architecture, NetworkMode network, Syscall call, long... arguments) {
        List<BpfInstruction> program = SeccompFilter.program(architecture, network, true);
        return BpfMachine.run(program, architecture.auditArch(), call.number(architecture), arguments);
    }

    @ParameterizedTest
    @EnumSource
    void readingIsAllowed(Architecture architecture) {
        int read = architecture == Architecture.X86_64 ? READ_X86_64 : READ_AARCH64;

        assertThat(BpfMachine.run(
                        SeccompFilter.program(architecture, NetworkMode.NONE, true), architecture.auditArch(), read))
                .isEqualTo(SeccompFilter.ALLOW);
    }

    @ParameterizedTest
    @EnumSource
    void theAbiOfAnotherArchitectureEndsTheProcess(Architecture architecture) {
        assertThat(BpfMachine.run(
                        SeccompFilter.program(architecture, NetworkMode.ALLOWED, true), AUDIT_ARCH_I386, READ_X86_64))
                .isEqualTo(SeccompFilter.KILL);
    }

    @Test
    void callsOfTheX32AbiAreRefused() {
        assertThat(BpfMachine.run(
                        SeccompFilter.program(Architecture.X86_64, NetworkMode.ALLOWED, true),
                        Architecture.X86_64.auditArch(),
                        0x40000000 + READ_X86_64))
                .isEqualTo(SeccompFilter.NOT_PERMITTED);
    }

    /** Those that are judged by their arguments, by the network, or not at all. */
    private static final Set<Syscall> JUDGED = EnumSet.of(
            Syscall.CLONE,
            Syscall.CLONE3,
            Syscall.IOCTL,
            Syscall.PRLIMIT64,
            Syscall.SOCKET,
            Syscall.SOCKETPAIR,
            Syscall.CONNECT,
            Syscall.BIND,
            Syscall.LISTEN,
            Syscall.ACCEPT,
            Syscall.ACCEPT4,
            Syscall.SENDTO,
            Syscall.SENDMSG,
            Syscall.SENDMMSG,
            Syscall.CAPGET,
            Syscall.CAPSET,
            Syscall.SECCOMP);

    static Stream<Syscall> refused() {
        return Arrays.stream(Syscall.values())
                .filter(call ->
                        !JUDGED.contains(call) && !MetadataRules.MEDIATED.contains(call) && !TOO_NEW.contains(call));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatLeadsOutIsRefusedWhateverTheArguments(Syscall call) {
        for (Architecture architecture : Architecture.values()) {
            if (call.existsOn(architecture)) {
                assertThat(answer(architecture, NetworkMode.ALLOWED, call)).isEqualTo(SeccompFilter.NOT_PERMITTED);
                assertThat(answer(architecture, NetworkMode.NONE, call, 1, 2, 3))
                        .isEqualTo(SeccompFilter.NOT_PERMITTED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void changesOfMetadataAreASupervisorsWhereThereIsOne(Architecture architecture) {
        for (Syscall call : MetadataRules.MEDIATED) {
            if (call.existsOn(architecture)) {
                assertThat(answer(architecture, NetworkMode.ALLOWED, call))
                        .as(call.name())
                        .isEqualTo(SeccompFilter.ASK_SUPERVISOR);
                assertThat(BpfMachine.run(
                                SeccompFilter.program(architecture, NetworkMode.NONE, false),
                                architecture.auditArch(),
                                call.number(architecture)))
                        .isEqualTo(SeccompFilter.ALLOW);
            }
        }
        for (Syscall call : TOO_NEW) {
            assertThat(answer(architecture, NetworkMode.NONE, call)).isEqualTo(SeccompFilter.NO_SUCH_CALL);
        }
    }

    /** The requests that change a file through a descriptor for reading, linux/fs.h and others; and some that ask. */
    @ParameterizedTest
    @EnumSource
    void ioctlChangesNoFlagsOfFiles(Architecture architecture) {
        for (long request : new long[] {
            0x40086602L /* FS_IOC_SETFLAGS */,
            0x40046602L /* FS_IOC32_SETFLAGS */,
            0x401C5820L /* FS_IOC_FSSETXATTR */,
            0x40087602L /* FS_IOC_SETVERSION */,
            0x40806685L /* FS_IOC_ENABLE_VERITY */,
            0x800C6613L /* FS_IOC_SET_ENCRYPTION_POLICY */,
            0xC0406618L /* FS_IOC_REMOVE_ENCRYPTION_KEY */,
            0x40047211L /* FAT_IOCTL_SET_ATTRIBUTES */,
            0x5000940EL /* BTRFS_IOC_SUBVOL_CREATE */,
            0x5000940FL /* BTRFS_IOC_SNAP_DESTROY */,
            0x40086602L | 1L << 32
        }) {
            assertThat(answer(architecture, NetworkMode.ALLOWED, Syscall.IOCTL, 3, request))
                    .as(Long.toHexString(request))
                    .isEqualTo(SeccompFilter.NOT_PERMITTED);
        }
        for (long request : new long[] {
            0x80086601L /* FS_IOC_GETFLAGS */,
            0xC020660BL /* FS_IOC_FIEMAP */,
            0x801C581FL /* FS_IOC_FSGETXATTR */,
            0x80087601L /* FS_IOC_GETVERSION */,
            0x40049409L /* FICLONE */,
            0x4020940DL /* FICLONERANGE */,
            0xC0189436L /* FIDEDUPERANGE */,
            0x541BL /* FIONREAD */,
            0x5401L /* TCGETS */,
            0x8004500FL,
            0L
        }) {
            assertThat(answer(architecture, NetworkMode.NONE, Syscall.IOCTL, 3, request))
                    .as(Long.toHexString(request))
                    .isEqualTo(SeccompFilter.ALLOW);
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x00008000, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000})
    void cloneMakesNeitherNamespacesNorSiblings(int flag) {
        for (Architecture architecture : Architecture.values()) {
            assertThat(answer(architecture, NetworkMode.ALLOWED, Syscall.CLONE, flag | 17))
                    .isEqualTo(SeccompFilter.NOT_PERMITTED);
            assertThat(answer(
                            architecture, NetworkMode.ALLOWED, Syscall.CLONE, 0x003D0F00)) // what pthread_create passes
                    .isEqualTo(SeccompFilter.ALLOW);
            assertThat(answer(architecture, NetworkMode.ALLOWED, Syscall.CLONE3))
                    .isEqualTo(SeccompFilter.NO_SUCH_CALL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyInjectionIntoTerminalsIsRefusedOfIoctl(Architecture architecture) {
        assertThat(answer(architecture, NetworkMode.NONE, Syscall.IOCTL, 0, 0x5412))
                .isEqualTo(SeccompFilter.NOT_PERMITTED);
        assertThat(answer(architecture, NetworkMode.NONE, Syscall.IOCTL, 0, 0x541C))
                .isEqualTo(SeccompFilter.NOT_PERMITTED);
        assertThat(answer(
                        architecture,
                        NetworkMode.NONE,
                        Syscall.IOCTL,
                        0,
                        0x5412 | 1L << 32)) // the kernel looks at 32 bits
                .isEqualTo(SeccompFilter.NOT_PERMITTED);
        assertThat(answer(architecture, NetworkMode.NONE, Syscall.IOCTL, 0, 0x5401))
                .isEqualTo(SeccompFilter.ALLOW); // TCGETS
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheOwnLimitsCanBeChanged(Architecture architecture) {
        assertThat(answer(architecture, NetworkMode.NONE, Syscall.PRLIMIT64, 0, 7))
                .isEqualTo(SeccompFilter.ALLOW);
        assertThat(answer(architecture, NetworkMode.NONE, Syscall.PRLIMIT64, 4711, 7))
                .isEqualTo(SeccompFilter.NOT_PERMITTED);
    }

    @ParameterizedTest
    @EnumSource
    void pairsOfStreamsAreAllowedAndOfDatagramsAreNot(Architecture architecture) {
        int nonBlocking = 04000 | 02000000;
        for (NetworkMode network : NetworkMode.values()) {
            assertThat(answer(architecture, network, Syscall.SOCKETPAIR, 1, 1)).isEqualTo(SeccompFilter.ALLOW);
            assertThat(answer(architecture, network, Syscall.SOCKETPAIR, 1, 1 | nonBlocking))
                    .isEqualTo(SeccompFilter.ALLOW);
            assertThat(answer(architecture, network, Syscall.SOCKETPAIR, 1, 5)).isEqualTo(SeccompFilter.ALLOW);
            assertThat(answer(architecture, network, Syscall.SOCKETPAIR, 1, 2 | nonBlocking))
                    .isEqualTo(SeccompFilter.ACCESS_DENIED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKET", "CONNECT", "BIND", "LISTEN", "ACCEPT", "ACCEPT4"})
    void withoutNetworkNoSocketIsMadeOrUsed(Syscall call) {
        for (Architecture architecture : Architecture.values()) {
            for (int family = 0; family < 46; family++) {
                assertThat(answer(architecture, NetworkMode.NONE, call, family, 1))
                        .isEqualTo(SeccompFilter.ACCESS_DENIED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void withNetworkInternetAndRoutesAreAllowedAndNothingElse(Architecture architecture) {
        for (int family = 0; family < 46; family++) {
            for (int type = 0; type < 8; type++) {
                for (int protocol = 0; protocol < 20; protocol++) {
                    boolean internet = (family == 2 || family == 10) && (type == 1 || type == 2);
                    boolean routes = family == 16 && protocol == 0;
                    assertThat(answer(architecture, NetworkMode.ALLOWED, Syscall.SOCKET, family, type, protocol))
                            .as("family %s, type %s, protocol %s", family, type, protocol)
                            .isEqualTo(internet || routes ? SeccompFilter.ALLOW : SeccompFilter.ACCESS_DENIED);
                }
            }
        }
        assertThat(answer(architecture, NetworkMode.ALLOWED, Syscall.CONNECT)).isEqualTo(SeccompFilter.ALLOW);
    }

    @ParameterizedTest
    @EnumSource
    void withAProxyOnlyTcpClientsAreMade(Architecture architecture) {
        for (int family = 0; family < 46; family++) {
            for (int type = 0; type < 8; type++) {
                for (int protocol = 0; protocol < 300; protocol++) {
                    boolean tcp = (family == 2 || family == 10) && type == 1 && (protocol == 0 || protocol == 6);
                    assertThat(answer(
                                    architecture, NetworkMode.PROXY, Syscall.SOCKET, family, type | 02004000, protocol))
                            .as("family %s, type %s, protocol %s", family, type, protocol)
                            .isEqualTo(tcp ? SeccompFilter.ALLOW : SeccompFilter.ACCESS_DENIED);
                }
            }
        }
        assertThat(answer(architecture, NetworkMode.PROXY, Syscall.CONNECT)).isEqualTo(SeccompFilter.ALLOW);
        for (Syscall call : List.of(Syscall.BIND, Syscall.LISTEN, Syscall.ACCEPT, Syscall.ACCEPT4)) {
            assertThat(answer(architecture, NetworkMode.PROXY, call)).isEqualTo(SeccompFilter.ACCESS_DENIED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withAProxyNothingIsSentInTheFirstPacket(Architecture architecture) {
        int fastOpen = 0x20000000;
        int noSignal = 0x4000;
        for (Syscall call : List.of(Syscall.SENDTO, Syscall.SENDMMSG)) {
            assertThat(answer(architecture, NetworkMode.PROXY, call, 3, 0, 1, fastOpen | noSignal))
                    .isEqualTo(SeccompFilter.ACCESS_DENIED);
            assertThat(answer(architecture, NetworkMode.PROXY, call, 3, 0, fastOpen, noSignal)) // a length
                    .isEqualTo(SeccompFilter.ALLOW);
        }
        assertThat(answer(architecture, NetworkMode.PROXY, Syscall.SENDMSG, 3, 0, fastOpen | noSignal))
                .isEqualTo(SeccompFilter.ACCESS_DENIED);
        assertThat(answer(architecture, NetworkMode.PROXY, Syscall.SENDMSG, 3, 0, noSignal))
                .isEqualTo(SeccompFilter.ALLOW);
    }
}
