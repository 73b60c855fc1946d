package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The tokens of {@link VolumeCalls}. */
final class VolumeTokenCalls implements TokenCalls {
    private static final int ERROR_INVALID_SECURITY_DESCR = 1338;
    private static final int ERROR_NO_IMPERSONATION_TOKEN = 1309;

    /** What a handle to a token stands for. */
    private static final class OpenToken {
        private final boolean forChecking;
        private VirtualToken token;

        OpenToken(VirtualToken token, boolean forChecking) {
            this.token = token;
            this.forChecking = forChecking;
        }

        @Override
        public String toString() {
            return "a handle to a token at " + token.level();
        }
    }

    private final VolumeCalls calls;

    VolumeTokenCalls(VolumeCalls calls) {
        this.calls = calls;
    }

    @Override
    public OwnedHandle ownToken() throws WindowsFailure {
        calls.enter("ownToken");
        return open(calls.host().user(), false);
    }

    @Override
    public OwnedHandle restrict(OwnedHandle token, Optional<ImmutableSet<Sid>> restricting) throws WindowsFailure {
        calls.enter("restrict");
        VirtualToken filtered = token(token, "CreateRestrictedToken")
                .filtered(ImmutableSet.of(WellKnownSids.ADMINISTRATORS))
                .unprivileged();
        return open(restricting.map(sids -> filtered.restrictedTo(sids, true)).orElse(filtered), false);
    }

    @Override
    public ImmutableSet<Sid> restricting(OwnedHandle token) throws WindowsFailure {
        calls.enter("restricting");
        return token(token, "GetTokenInformation").restricting().orElse(ImmutableSet.of());
    }

    @Override
    public Optional<Sid> logon(OwnedHandle token) throws WindowsFailure {
        calls.enter("logon");
        Sid logon = calls.host().logon();
        return token(token, "GetTokenInformation").groups().contains(logon) ? Optional.of(logon) : Optional.empty();
    }

    @Override
    public OwnedHandle duplicate(OwnedHandle token) throws WindowsFailure {
        calls.enter("duplicate");
        return open(token(token, "DuplicateTokenEx"), false);
    }

    @Override
    public OwnedHandle forChecking(OwnedHandle token) throws WindowsFailure {
        calls.enter("forChecking");
        return open(token(token, "DuplicateTokenEx"), true);
    }

    @Override
    public AccessMask maximumAccess(OwnedHandle checking, SecurityDescriptor descriptor) throws WindowsFailure {
        calls.enter("maximumAccess");
        OpenToken open = calls.handles().resolve(checking, OpenToken.class, "AccessCheck");
        if (!open.forChecking) {
            throw VolumeCalls.failure("AccessCheck", ERROR_NO_IMPERSONATION_TOKEN);
        }
        if (descriptor.owner() == null || descriptor.group() == null) {
            throw VolumeCalls.failure("AccessCheck", ERROR_INVALID_SECURITY_DESCR);
        }
        return calls.volume()
                .monitor()
                .check(open.token, descriptor, AccessMask.MAXIMUM_ALLOWED)
                .granted();
    }

    @Override
    public int integrityLevel(OwnedHandle token) throws WindowsFailure {
        calls.enter("integrityLevel");
        return token(token, "GetTokenInformation").level().rid();
    }

    @Override
    public void setIntegrityLevel(OwnedHandle token, int level) throws WindowsFailure {
        calls.enter("setIntegrityLevel");
        IntegrityLevel wanted = new IntegrityLevel(level);
        if (!token(token, "SetTokenInformation").level().dominates(wanted)) {
            throw VolumeCalls.failure("SetTokenInformation", VolumeCalls.ERROR_PRIVILEGE_NOT_HELD);
        }
        change(token, old -> old.atLevel(wanted));
    }

    @Override
    public void setDefaultDacl(OwnedHandle token, byte[] acl) throws WindowsFailure {
        calls.enter("setDefaultDacl");
        change(
                token,
                old -> VirtualToken.builder()
                        .from(old)
                        .defaultDacl(Acl.decode(acl))
                        .build());
    }

    /** The model's tokens are no objects themselves; this only looks at the handle. */
    @Override
    public void setLabel(OwnedHandle token, byte[] acl) throws WindowsFailure {
        calls.enter("setLabel");
        token(token, "SetSecurityInfo");
    }

    @Override
    public byte[] label(OwnedHandle token) throws WindowsFailure {
        calls.enter("label");
        token(token, "GetSecurityInfo");
        return new byte[0];
    }

    @Override
    public byte[] user(OwnedHandle token) throws WindowsFailure {
        calls.enter("user");
        return token(token, "GetTokenInformation").user().encode();
    }

    @Override
    public boolean elevated(OwnedHandle token) throws WindowsFailure {
        calls.enter("elevated");
        return token(token, "GetTokenInformation").level().dominates(IntegrityLevel.HIGH);
    }

    @Override
    public OwnedHandle tokenOf(OwnedHandle process) {
        throw new UnsupportedOperationException("the model has no processes");
    }

    @Override
    public OwnedHandle actingTokenOf(OwnedHandle process) {
        throw new UnsupportedOperationException("the model has no processes");
    }

    @Override
    public void impersonate(OwnedHandle token) {
        throw new UnsupportedOperationException("the model has no threads");
    }

    @Override
    public void revertToSelf() {
        throw new UnsupportedOperationException("the model has no threads");
    }

    private OwnedHandle open(VirtualToken token, boolean forChecking) {
        return calls.handles().open(new OpenToken(token, forChecking), closed -> {});
    }

    private VirtualToken token(OwnedHandle handle, String function) throws WindowsFailure {
        return calls.handles().resolve(handle, OpenToken.class, function).token;
    }

    private void change(OwnedHandle handle, UnaryOperator<VirtualToken> change) throws WindowsFailure {
        OpenToken open = calls.handles().resolve(handle, OpenToken.class, "SetTokenInformation");
        open.token = change.apply(open.token);
    }
}
