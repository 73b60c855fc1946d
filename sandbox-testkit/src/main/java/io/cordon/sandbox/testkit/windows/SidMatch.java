package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.Sid;

/** Which SIDs of a token count in a pass over a DACL. */
interface SidMatch {
    /** Whether an allowing entry for {@code sid} counts. */
    boolean allow(Sid sid);

    /** Whether a denying entry for {@code sid} counts. */
    boolean deny(Sid sid);

    /** Whether a DACL that is missing grants everything to this subject. */
    default boolean nullDaclGrants() {
        return true;
    }

    /** User and groups; deny-only groups for denies. */
    static SidMatch normal(VirtualToken token) {
        return new SidMatch() {
            @Override
            public boolean allow(Sid sid) {
                return token.matchesAllow(sid);
            }

            @Override
            public boolean deny(Sid sid) {
                return token.matchesDeny(sid);
            }
        };
    }

    /** The restricting SIDs, whatever the attributes of the same SIDs among the groups. */
    static SidMatch restricting(VirtualToken token) {
        ImmutableSet<Sid> sids = token.restricting().orElse(ImmutableSet.of());
        return new SidMatch() {
            @Override
            public boolean allow(Sid sid) {
                return sids.contains(sid);
            }

            @Override
            public boolean deny(Sid sid) {
                return sids.contains(sid);
            }
        };
    }

    /**
     * Package and capabilities. Denying entries count in the normal pass only, and a missing DACL grants a container
     * nothing.
     */
    static SidMatch appContainer(VirtualToken token) {
        return new SidMatch() {
            @Override
            public boolean allow(Sid sid) {
                return token.appContainer().orElseThrow().matches(sid);
            }

            @Override
            public boolean deny(Sid sid) {
                return false;
            }

            @Override
            public boolean nullDaclGrants() {
                return false;
            }
        };
    }
}
