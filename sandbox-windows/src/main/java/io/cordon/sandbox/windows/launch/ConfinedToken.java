package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.DefaultDacl;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Set;

/**
 * The token of a child: the JVM's own one without privileges, with administrators only denying, below Medium, and on
 * request write-restricted.
 *
 * <p>A subject below the level of an object, and an object without a label is Medium, loses every right that changes it,
 * also DELETE and FILE_DELETE_CHILD (MS-DTYP 2.5.3.3). A write-restricted one writes only what is granted to one of its
 * restricting SIDs as well. Since it is a restricted version of the caller's own token, {@code CreateProcessAsUserW}
 * takes it without SeAssignPrimaryTokenPrivilege.
 */
public final class ConfinedToken {
    /**
     * Between Low (0x1000) and Medium (0x2000), so that other processes at Low cannot write what this child may. The
     * comparison of levels is numeric (MS-DTYP 2.5.2, SidDominates); Chromium uses this one too.
     */
    public static final int LEVEL = IntegrityLevel.MEDIUM_LOW.rid();

    private ConfinedToken() {}

    /** A new token; the caller closes it. */
    public static OwnedHandle create(TokenCalls tokens, TokenShape shape) throws WindowsFailure {
        try (OwnedHandle own = tokens.ownToken();
                OwnedHandle restricted = tokens.restrict(own, shape.restricting());
                ResourceScope scope = new ResourceScope()) {
            OwnedHandle token = scope.own(tokens.duplicate(restricted));
            // What the child makes without a descriptor, such as pipes and threads, has to pass its own second check.
            Set<Sid> restricting =
                    shape.restricting().isPresent() ? shape.restricting().get() : Set.of();
            tokens.setDefaultDacl(token, DefaultDacl.of(Sid.decode(tokens.user(own)), restricting));
            if (shape.container().isPresent()) {
                // The system makes the token of an AppContainer from this one: at Low, and with a descriptor for it.
                scope.release();
                return token;
            }
            // The token is an object as well: unlabelled, its own subject could not adjust it, as C runtimes do.
            tokens.setLabel(
                    token,
                    new MandatoryLabel(shape.level(), MandatoryLabel.NO_WRITE_UP)
                            .toAcl(AceFlags.NONE)
                            .encode());
            tokens.setIntegrityLevel(token, shape.level().rid());
            scope.release();
            return token;
        }
    }
}
