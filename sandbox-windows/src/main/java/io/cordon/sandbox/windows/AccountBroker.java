package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.account.ReadyAccount;
import io.cordon.sandbox.windows.account.ReadyAccount.FilterHealth;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.broker.BrokerStart;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.plan.AccountFacts;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The account that was provisioned for sandboxes, as far as a policy is one for it, and the broker that runs as it. */
final class AccountBroker {
    private AccountBroker() {}

    /**
     * The account.
     *
     * @return empty if the policy is none for it, or no complete set-up is there
     */
    static Optional<ReadyAccount> find(SandboxPolicy policy) throws SandboxException {
        if (!policy.network().equals(NetworkAccess.NONE) || !policy.allowRead().isEmpty()) {
            return Optional.empty();
        }
        try {
            return WindowsSetup.ofThisUser().readyAccount();
        } catch (SandboxException e) {
            if (e.code() == SandboxErrorCode.BACKEND_UNAVAILABLE) {
                return Optional.empty(); // a system that no account can be provisioned on
            }
            throw e;
        }
    }

    /** For the planner. Filters that could not be read are tried out before anything is claimed of them. */
    static AccountFacts facts(ReadyAccount account) {
        return new AccountFacts(account.sid(), account.filterHealth() != FilterHealth.WRONG);
    }

    /** Starts the broker of a sandbox; the caller closes it. */
    static Broker open(NativeCalls calls, ReadyAccount account, PrivateDirectory directory, WindowsPlaces places)
            throws SandboxException {
        Path own = directory.path().resolve("broker");
        try {
            Files.createDirectory(own);
            grant(calls, own, account);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, own.toString());
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "the directory of the broker " + own + " cannot be made: " + e, e);
        }
        return Broker.open(
                calls,
                BrokerCalls.windows(),
                BrokerStart.ofThisJvm(account.account(), own, places.systemRoot()),
                account.password());
    }

    /** Lets the account write there; its children are below the level of the directory. */
    private static void grant(NativeCalls calls, Path directory, ReadyAccount account) throws WindowsFailure {
        int access = AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC).bits();
        try (FileTree.Entry entry = new FileTree(calls.files()).open(FileTree.extended(directory), access)) {
            SecurityDescriptor descriptor = calls.files().descriptor(entry.handle());
            Acl dacl = descriptor.dacl() == null ? Acl.of() : descriptor.dacl();
            calls.files()
                    .replaceDacl(
                            entry.handle(),
                            descriptor.withDacl(dacl.withAces(ImmutableList.<Ace>builder()
                                    .add(AccessAce.allow(AceFlags.INHERIT, AccessMask.FILE_ALL_ACCESS, account.sid()))
                                    .addAll(dacl.aces())
                                    .build())));
        }
    }
}
