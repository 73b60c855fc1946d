package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/** Tokens that read back what was set. That a level or a label holds anybody back, they do not play. */
final class FakeTokenCalls implements TokenCalls {
    private static final int ERROR_NO_IMPERSONATION_TOKEN = 1309;
    private static final int ERROR_PRIVILEGE_NOT_HELD = 1314;

    /** Who the JVM runs as. */
    static final Sid USER = Sid.of(5, 21, 1, 2, 3, 1001);

    private final FakeWindows windows;
    private final FakeToken host = FakeToken.ofHost(FakeWindows.HOST_LEVEL);

    FakeTokenCalls(FakeWindows windows) {
        this.windows = windows;
    }

    private FakeToken token(OwnedHandle handle, String function) throws WindowsFailure {
        return windows.handles.resolve(handle, FakeToken.class, function);
    }

    private FakeToken changeable(OwnedHandle handle, String function) throws WindowsFailure {
        FakeToken token = token(handle, function);
        if (token.isFixed()) {
            windows.misused(function + " would have changed the token of the JVM or of a process");
            throw FakeWindows.failure(function, WindowsFailure.ERROR_ACCESS_DENIED);
        }
        return token;
    }

    @Override
    public OwnedHandle ownToken() {
        return windows.handles.open(host, "OpenProcessToken");
    }

    @Override
    public OwnedHandle tokenOf(OwnedHandle process) throws WindowsFailure {
        synchronized (windows) {
            FakeProcess of = windows.handles.resolve(process, FakeProcess.class, "OpenProcessToken");
            return windows.handles.open(of.token(), "OpenProcessToken");
        }
    }

    @Override
    public OwnedHandle actingTokenOf(OwnedHandle process) throws WindowsFailure {
        return tokenOf(process);
    }

    @Override
    public OwnedHandle restrict(OwnedHandle token, Optional<ImmutableSet<Sid>> restricting) throws WindowsFailure {
        synchronized (windows) {
            FakeToken restricted = token(token, "CreateRestrictedToken").restrictedCopy(restricting);
            return windows.handles.open(restricted, "CreateRestrictedToken");
        }
    }

    @Override
    public ImmutableSet<Sid> restricting(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            return token(token, "GetTokenInformation").restricting();
        }
    }

    @Override
    public Optional<Sid> logon(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            token(token, "GetTokenInformation");
            return Optional.of(Sid.of(5, 5, 0, 77));
        }
    }

    @Override
    public OwnedHandle duplicate(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            return windows.handles.open(token(token, "DuplicateTokenEx").copy(), "DuplicateTokenEx");
        }
    }

    @Override
    public int integrityLevel(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            return token(token, "GetTokenInformation").level();
        }
    }

    @Override
    public void setIntegrityLevel(OwnedHandle token, int level) throws WindowsFailure {
        synchronized (windows) {
            FakeToken changed = changeable(token, "SetTokenInformation");
            if (level > changed.level()) {
                throw FakeWindows.failure("SetTokenInformation", ERROR_PRIVILEGE_NOT_HELD);
            }
            changed.setLevel(level);
        }
    }

    @Override
    public void setDefaultDacl(OwnedHandle token, byte[] acl) throws WindowsFailure {
        synchronized (windows) {
            changeable(token, "SetTokenInformation").setDefaultDacl(acl);
        }
    }

    @Override
    public void setLabel(OwnedHandle token, byte[] acl) throws WindowsFailure {
        synchronized (windows) {
            changeable(token, "SetSecurityInfo").setLabel(acl);
        }
    }

    @Override
    public byte[] label(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            return token(token, "GetSecurityInfo").label();
        }
    }

    @Override
    public byte[] user(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            token(token, "GetTokenInformation");
            return USER.encode();
        }
    }

    @Override
    public boolean elevated(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            token(token, "GetTokenInformation");
            return windows.elevated;
        }
    }

    @Override
    public void impersonate(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            windows.impersonate(token(token, "ImpersonateLoggedOnUser"));
        }
    }

    @Override
    public void revertToSelf() {
        synchronized (windows) {
            windows.revert();
        }
    }

    @Override
    public OwnedHandle forChecking(OwnedHandle token) throws WindowsFailure {
        synchronized (windows) {
            return windows.handles.open(token(token, "DuplicateTokenEx").copyForChecking(), "DuplicateTokenEx");
        }
    }

    /** Grants everything: here nobody is denied anything. */
    @Override
    public AccessMask maximumAccess(OwnedHandle checking, SecurityDescriptor descriptor) throws WindowsFailure {
        synchronized (windows) {
            if (!token(checking, "AccessCheck").isForChecking()) {
                throw FakeWindows.failure("AccessCheck", ERROR_NO_IMPERSONATION_TOKEN);
            }
            if (descriptor.owner() == null || descriptor.group() == null) {
                throw FakeWindows.failure("AccessCheck", WindowsFailure.ERROR_INVALID_SECURITY_DESCR);
            }
            return AccessMask.FILE_ALL_ACCESS;
        }
    }
}
