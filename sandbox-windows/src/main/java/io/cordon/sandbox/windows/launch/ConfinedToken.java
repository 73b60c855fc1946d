package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.win32.DefaultDacl;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/**
 * The token of a child: the JVM's own one without privileges, with administrators only denying, and below Medium.
 *
 * <p>A subject below the level of an object, and an object without a label is Medium, loses every right that changes it,
 * also DELETE and FILE_DELETE_CHILD (MS-DTYP 2.5.3.3). Since it is a restricted version of the caller's own token,
 * {@code CreateProcessAsUserW} takes it without SeAssignPrimaryTokenPrivilege.
 */
public final class ConfinedToken {
    /**
     * Between Low (0x1000) and Medium (0x2000), so that other processes at Low cannot write what this child may. The
     * comparison of levels is numeric (MS-DTYP 2.5.2, SidDominates); Chromium uses this one too.
     */
    public static final int LEVEL = 0x1800;

    private ConfinedToken() {}

    /** A new token; the caller closes it. */
    public static OwnedHandle create(TokenCalls tokens) throws WindowsFailure {
        try (OwnedHandle own = tokens.ownToken();
                OwnedHandle restricted = tokens.restrict(own);
                ResourceScope scope = new ResourceScope()) {
            OwnedHandle token = scope.own(tokens.duplicate(restricted));
            tokens.setDefaultDacl(token, DefaultDacl.of(tokens.user(own)));
            // The token is an object as well: unlabelled, its own subject could not adjust it, as C runtimes do.
            tokens.setLabel(token, IntegrityLabel.of(LEVEL).encode());
            tokens.setIntegrityLevel(token, LEVEL);
            scope.release();
            return token;
        }
    }
}
