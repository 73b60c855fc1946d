package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/**
 * The child's token. Privileges are always dropped (DISABLE_MAX_PRIVILEGE) and administrative groups made deny-only
 * (LUA_TOKEN).
 *
 * @param level its integrity level
 * @param restricting its restricting SIDs for writes (WRITE_RESTRICTED), if it is restricted
 * @param container the AppContainer that it is in, which sets the level to Low
 */
public record TokenShape(
        IntegrityLevel level, Optional<ImmutableSet<Sid>> restricting, Optional<ContainerShape> container) {
    /** A token that is in no AppContainer. */
    public TokenShape(IntegrityLevel level, Optional<ImmutableSet<Sid>> restricting) {
        this(level, restricting, Optional.empty());
    }

    /** A token in an AppContainer. */
    public static TokenShape of(ContainerShape container) {
        return new TokenShape(IntegrityLevel.LOW, Optional.empty(), Optional.of(container));
    }
}
