package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.ReadyAccount;
import io.cordon.sandbox.windows.account.SandboxAccount;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.broker.BrokerStart;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The account that the administrator's step of {@code run-account.sh} has made, and directories for it. */
final class BrokerRig {
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    private static final int OPEN_EXISTING = 3;

    private BrokerRig() {}

    private static ReadyAccount ready() throws SandboxException {
        return WindowsSetup.ofThisUser().readyAccount().orElseThrow();
    }

    static SandboxAccount account() throws SandboxException {
        return ready().account();
    }

    static ChildShape shape() {
        return ChildShape.of(
                new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty()),
                JobLimits.of(OptionalInt.empty(), OptionalLong.empty()),
                true);
    }

    static BrokerStart start(Path directory) throws SandboxException {
        return BrokerStart.ofThisJvm(
                account(), directory, WindowsPlaces.ofThisJvm().systemRoot());
    }

    static Broker open(BrokerCalls calls, Path directory) throws SandboxException {
        return Broker.open(NativeCalls.windows(), calls, start(directory), ready().password());
    }

    /** A directory of the user in which the account may do everything that its level lets it do. */
    static Path granted(String name) throws IOException, WindowsFailure, SandboxException {
        Path directory = Files.createTempDirectory(Path.of("C:\\"), name);
        FileCalls files = NativeCalls.windows().files();
        try (OwnedHandle handle = open(files, directory, AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC))) {
            SecurityDescriptor descriptor = files.descriptor(handle);
            Acl dacl = Objects.requireNonNull(descriptor.dacl());
            files.replaceDacl(
                    handle,
                    descriptor.withDacl(dacl.withAces(ImmutableList.<Ace>builder()
                            .addAll(dacl.aces())
                            .add(AccessAce.allow(
                                    AceFlags.INHERIT,
                                    AccessMask.FILE_ALL_ACCESS,
                                    account().sid()))
                            .build())));
        }
        return directory;
    }

    /** Lets the level of the children write, too. */
    static Path labelled(Path directory) throws WindowsFailure {
        FileCalls files = NativeCalls.windows().files();
        try (OwnedHandle handle = open(files, directory, AccessMask.READ_CONTROL.or(AccessMask.WRITE_OWNER))) {
            files.replaceLabel(
                    handle,
                    files.descriptor(handle)
                            .withSacl(new MandatoryLabel(IntegrityLevel.MEDIUM_LOW, MandatoryLabel.NO_WRITE_UP)
                                    .toAcl(AceFlags.INHERIT)));
        }
        return directory;
    }

    private static OwnedHandle open(FileCalls files, Path directory, AccessMask access) throws WindowsFailure {
        return files.open(directory.toString(), access.bits(), 7, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    }
}
