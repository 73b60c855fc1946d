package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;

/**
 * An entry that allows, denies or audits rights for one SID (MS-DTYP 2.4.4.2, 2.4.4.4, 2.4.4.6, 2.4.4.8, 2.4.4.10).
 *
 * @param kind what it does
 * @param flags inheritance; for audit entries also whether success or failure is recorded
 * @param mask the rights
 * @param sid whom it concerns
 * @param applicationData what follows the SID: the condition of a callback entry, else usually nothing; a multiple of
 * four bytes
 */
public record AccessAce(Kind kind, AceFlags flags, AccessMask mask, Sid sid, ByteString applicationData)
        implements Ace {
    static final int FIXED_LENGTH = 8;

    /** What an access entry does. */
    public enum Kind {
        /** ACCESS_ALLOWED_ACE_TYPE. */
        ALLOW(0x00),
        /** ACCESS_DENIED_ACE_TYPE. */
        DENY(0x01),
        /** SYSTEM_AUDIT_ACE_TYPE. */
        AUDIT(0x02),
        /** ACCESS_ALLOWED_CALLBACK_ACE_TYPE: allows if the condition in the application data is true. */
        ALLOW_CALLBACK(0x09),
        /** ACCESS_DENIED_CALLBACK_ACE_TYPE: denies unless the condition in the application data is false. */
        DENY_CALLBACK(0x0A);

        private final int type;

        Kind(int type) {
            this.type = type;
        }

        /** The type byte of the header. */
        public int type() {
            return type;
        }

        /** Whether it allows, perhaps under a condition. */
        public boolean allows() {
            return this == ALLOW || this == ALLOW_CALLBACK;
        }

        /** Whether it denies, perhaps under a condition. */
        public boolean denies() {
            return this == DENY || this == DENY_CALLBACK;
        }

        /** Whether it holds under a condition only. */
        public boolean isConditional() {
            return this == ALLOW_CALLBACK || this == DENY_CALLBACK;
        }
    }

    /**
     * @throws SecurityFormatException if the application data are not a multiple of four bytes, or do not fit an ACE
     */
    public AccessAce {
        if (applicationData.length() % 4 != 0) {
            throw new SecurityFormatException(
                    Problem.WRONG_SIZE,
                    0,
                    "application data are a multiple of 4 bytes, not " + applicationData.length());
        }
        if (FIXED_LENGTH + sid.length() + applicationData.length() > Acl.MAX_LENGTH - Acl.HEADER_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TOO_LONG,
                    0,
                    "application data of " + applicationData.length() + " bytes do not fit an ACE");
        }
    }

    /** An entry that allows. */
    public static AccessAce allow(AceFlags flags, AccessMask mask, Sid sid) {
        return new AccessAce(Kind.ALLOW, flags, mask, sid, ByteString.EMPTY);
    }

    /** An entry that allows, for this object only. */
    public static AccessAce allow(AccessMask mask, Sid sid) {
        return allow(AceFlags.NONE, mask, sid);
    }

    /** An entry that denies. */
    public static AccessAce deny(AceFlags flags, AccessMask mask, Sid sid) {
        return new AccessAce(Kind.DENY, flags, mask, sid, ByteString.EMPTY);
    }

    /** An entry that denies, for this object only. */
    public static AccessAce deny(AccessMask mask, Sid sid) {
        return deny(AceFlags.NONE, mask, sid);
    }

    @Override
    public int type() {
        return kind.type();
    }

    @Override
    public AccessAce withFlags(AceFlags newFlags) {
        return new AccessAce(kind, newFlags, mask, sid, applicationData);
    }

    @Override
    public int length() {
        return FIXED_LENGTH + sid.length() + applicationData.length();
    }

    /** The SDDL of the entry with its condition, if any, in hexadecimal. */
    @Override
    public String toString() {
        return SddlPrinter.describe(this);
    }
}
