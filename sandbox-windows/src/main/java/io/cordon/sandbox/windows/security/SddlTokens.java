package io.cordon.sandbox.windows.security;

import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of SDDL (MS-DTYP 2.5.1.1; Microsoft Learn, "ACE Strings" and "SID Strings"). */
final class SddlTokens {
    /**
     * Aliases of SIDs that are the same everywhere; those relative to a domain (DA, LA, ...) cannot be resolved without
     * one.
     */
    static final ImmutableBiMap<String, Sid> SIDS = ImmutableBiMap.<String, Sid>builder()
            .put("WD", WellKnownSids.EVERYONE)
            .put("CO", WellKnownSids.CREATOR_OWNER)
            .put("CG", WellKnownSids.CREATOR_GROUP)
            .put("OW", WellKnownSids.OWNER_RIGHTS)
            .put("NU", Sid.of(5, 2))
            .put("IU", WellKnownSids.INTERACTIVE)
            .put("SU", Sid.of(5, 6))
            .put("AN", Sid.of(5, 7))
            .put("ED", Sid.of(5, 9))
            .put("PS", WellKnownSids.SELF)
            .put("AU", WellKnownSids.AUTHENTICATED_USERS)
            .put("RC", WellKnownSids.RESTRICTED)
            .put("SY", WellKnownSids.LOCAL_SYSTEM)
            .put("LS", Sid.of(5, 19))
            .put("NS", Sid.of(5, 20))
            .put("WR", WellKnownSids.WRITE_RESTRICTED)
            .put("BA", WellKnownSids.ADMINISTRATORS)
            .put("BU", WellKnownSids.USERS)
            .put("BG", Sid.of(5, 32, 546))
            .put("PU", Sid.of(5, 32, 547))
            .put("AO", Sid.of(5, 32, 548))
            .put("SO", Sid.of(5, 32, 549))
            .put("PO", Sid.of(5, 32, 550))
            .put("BO", Sid.of(5, 32, 551))
            .put("RE", Sid.of(5, 32, 552))
            .put("RU", Sid.of(5, 32, 554))
            .put("RD", Sid.of(5, 32, 555))
            .put("NO", Sid.of(5, 32, 556))
            .put("MU", Sid.of(5, 32, 558))
            .put("LU", Sid.of(5, 32, 559))
            .put("IS", Sid.of(5, 32, 568))
            .put("CY", Sid.of(5, 32, 569))
            .put("ER", Sid.of(5, 32, 573))
            .put("CD", Sid.of(5, 32, 574))
            .put("RA", Sid.of(5, 32, 575))
            .put("ES", Sid.of(5, 32, 576))
            .put("MS", Sid.of(5, 32, 577))
            .put("HA", Sid.of(5, 32, 578))
            .put("AA", Sid.of(5, 32, 579))
            .put("RM", Sid.of(5, 32, 580))
            .put("AC", WellKnownSids.ALL_APPLICATION_PACKAGES)
            .put("LW", IntegrityLevel.LOW.sid())
            .put("ME", IntegrityLevel.MEDIUM.sid())
            .put("MP", new IntegrityLevel(0x2100).sid())
            .put("HI", IntegrityLevel.HIGH.sid())
            .put("SI", IntegrityLevel.SYSTEM.sid())
            .put("AS", Sid.of(18, 1))
            .put("SS", Sid.of(18, 2))
            .put("UD", Sid.of(5, 84, 0, 0, 0, 0, 0))
            .buildOrThrow();

    static final ImmutableMap<String, Integer> ACE_TYPES = ImmutableMap.of(
            "A", AccessAce.Kind.ALLOW.type(),
            "D", AccessAce.Kind.DENY.type(),
            "AU", AccessAce.Kind.AUDIT.type(),
            "ML", LabelAce.TYPE);

    static final ImmutableBiMap<String, Integer> FLAGS = ImmutableBiMap.<String, Integer>builder()
            .put("OI", 0x01)
            .put("CI", 0x02)
            .put("NP", 0x04)
            .put("IO", 0x08)
            .put("ID", 0x10)
            .put("SA", 0x40)
            .put("FA", 0x80)
            .buildOrThrow();

    static final ImmutableBiMap<String, Integer> LABEL_POLICY = ImmutableBiMap.of("NW", 1, "NR", 2, "NX", 4);

    /** Rights by name. Names of several bits come first where they are to be used for printing. */
    static final ImmutableMap<String, Integer> RIGHTS = ImmutableMap.<String, Integer>builder()
            .put("FA", AccessMask.FILE_ALL_ACCESS.bits())
            .put("FR", AccessMask.FILE_GENERIC_READ.bits())
            .put("FW", AccessMask.FILE_GENERIC_WRITE.bits())
            .put("FX", AccessMask.FILE_GENERIC_EXECUTE.bits())
            .put("GA", AccessMask.GENERIC_ALL.bits())
            .put("GR", AccessMask.GENERIC_READ.bits())
            .put("GW", AccessMask.GENERIC_WRITE.bits())
            .put("GX", AccessMask.GENERIC_EXECUTE.bits())
            .put("SD", AccessMask.DELETE.bits())
            .put("RC", AccessMask.READ_CONTROL.bits())
            .put("WD", AccessMask.WRITE_DAC.bits())
            .put("WO", AccessMask.WRITE_OWNER.bits())
            .put("KA", 0xF003F)
            .put("KR", 0x20019)
            .put("KW", 0x20006)
            .put("KX", 0x20019)
            .put("CC", 0x1)
            .put("DC", 0x2)
            .put("LC", 0x4)
            .put("SW", 0x8)
            .put("RP", 0x10)
            .put("WP", 0x20)
            .put("DT", 0x40)
            .put("LO", 0x80)
            .put("CR", 0x100)
            .buildOrThrow();

    /** The names that are printed, each for exactly this mask. */
    private static final ImmutableMap<Integer, String> PRINTED_RIGHTS = ImmutableMap.<Integer, String>builder()
            .put(AccessMask.FILE_ALL_ACCESS.bits(), "FA")
            .put(AccessMask.FILE_GENERIC_READ.bits(), "FR")
            .put(AccessMask.FILE_GENERIC_WRITE.bits(), "FW")
            .put(AccessMask.FILE_GENERIC_EXECUTE.bits(), "FX")
            .put(AccessMask.GENERIC_ALL.bits(), "GA")
            .buildOrThrow();

    private SddlTokens() {}

    /** All flags by name, or null if a bit has no name. */
    static @Nullable String flagsOrNull(int bits) {
        return names(FLAGS, bits);
    }

    /** All flags by name; a bit without name as a number. */
    static String flags(int bits) {
        String names = flagsOrNull(bits);
        return names == null ? "0x" + Integer.toHexString(bits) : names;
    }

    static String labelPolicy(int bits) {
        String names = bits == 0 ? null : names(LABEL_POLICY, bits);
        return names == null ? "0x" + Integer.toHexString(bits) : names;
    }

    static String rights(int bits) {
        String name = PRINTED_RIGHTS.get(bits);
        return name == null ? "0x" + Integer.toHexString(bits) : name;
    }

    private static @Nullable String names(ImmutableBiMap<String, Integer> words, int bits) {
        StringBuilder text = new StringBuilder();
        int rest = bits;
        for (Map.Entry<String, Integer> word : words.entrySet()) {
            if ((bits & word.getValue()) != 0) {
                text.append(word.getKey());
                rest &= ~word.getValue();
            }
        }
        return rest == 0 ? text.toString() : null;
    }
}
