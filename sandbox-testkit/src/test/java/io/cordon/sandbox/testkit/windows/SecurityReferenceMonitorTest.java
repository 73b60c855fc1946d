package io.cordon.sandbox.testkit.windows;

import static io.cordon.sandbox.windows.security.AccessMask.ACCESS_SYSTEM_SECURITY;
import static io.cordon.sandbox.windows.security.AccessMask.DELETE;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_ALL_ACCESS;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_DELETE_CHILD;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_EXECUTE;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_READ_DATA;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_WRITE_DATA;
import static io.cordon.sandbox.windows.security.AccessMask.GENERIC_WRITE;
import static io.cordon.sandbox.windows.security.AccessMask.MAXIMUM_ALLOWED;
import static io.cordon.sandbox.windows.security.AccessMask.READ_CONTROL;
import static io.cordon.sandbox.windows.security.AccessMask.WRITE_DAC;
import static io.cordon.sandbox.windows.security.AccessMask.WRITE_OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.testkit.windows.AccessDecision.Status;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.Conditions;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedMaximum;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedOwner;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedScope;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.ByteString;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.OpaqueAce;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The rules of the access check, one test a rule; each denial has its control. */
final class SecurityReferenceMonitorTest {
    private static final Sid USER = Sid.parse("S-1-5-21-1-2-3-1000");
    private static final Sid OTHER = Sid.parse("S-1-5-21-1-2-3-1001");
    private static final Sid CAPABILITY = Sid.parse("S-1-5-21-9-9-9-1");
    private static final Sid LOGON = Sid.parse("S-1-5-5-0-77");
    private static final VirtualToken TOKEN = VirtualToken.ofUser(USER, LOGON);
    private static final SecurityReferenceMonitor MONITOR = new SecurityReferenceMonitor(MonitorSwitches.DEFAULT);

    private static SecurityDescriptor sd(String sddl) {
        return Sddl.parse(sddl.replace("USER", USER.toString())
                .replace("OTHER", OTHER.toString())
                .replace("CAP", CAPABILITY.toString()));
    }

    private static boolean allows(VirtualToken token, String sddl, AccessMask mask) {
        return MONITOR.allows(token, sd(sddl), mask);
    }

    @Nested
    final class TheDacl {
        @Test
        void aRequestForNothingIsDenied() {
            assertThat(allows(TOKEN, "O:OTHERD:(A;;FA;;;USER)", AccessMask.NONE))
                    .isFalse();
            assertThat(allows(TOKEN, "O:OTHERD:(A;;FA;;;USER)", FILE_READ_DATA)).isTrue();
        }

        @Test
        void entriesAreEvaluatedInStoredOrder() {
            assertThat(allows(TOKEN, "O:OTHERD:(A;;FR;;;USER)(D;;FR;;;WD)", FILE_READ_DATA))
                    .isTrue();
            assertThat(allows(TOKEN, "O:OTHERD:(D;;FR;;;WD)(A;;FR;;;USER)", FILE_READ_DATA))
                    .isFalse();
        }

        @Test
        void rightsAddUpOverEntriesAndADenyHitsOnlyWhatIsStillWanted() {
            assertThat(allows(TOKEN, "O:OTHERD:(A;;0x1;;;USER)(D;;0x1;;;USER)(A;;0x2;;;WD)", AccessMask.of(3)))
                    .isTrue();
        }

        @Test
        void inheritOnlyEntriesDoNotCount() {
            assertThat(allows(TOKEN, "O:OTHERD:(A;OIIO;FA;;;USER)", FILE_READ_DATA))
                    .isFalse();
            assertThat(allows(TOKEN, "O:OTHERD:(D;OIIO;FA;;;USER)(A;;FA;;;USER)", FILE_READ_DATA))
                    .isTrue();
        }

        @Test
        void aMissingDaclGrantsEverythingButSystemSecurityAndAnEmptyOneOnlyTheOwnersRights() {
            assertThat(allows(TOKEN, "O:OTHER", FILE_ALL_ACCESS)).isTrue();
            assertThat(allows(TOKEN, "O:OTHERD:NO_ACCESS_CONTROL", FILE_ALL_ACCESS))
                    .isTrue();
            assertThat(MONITOR.check(TOKEN, sd("O:OTHER"), ACCESS_SYSTEM_SECURITY)
                            .status())
                    .isEqualTo(Status.PRIVILEGE_NOT_HELD);
            assertThat(allows(TOKEN, "O:OTHERD:", READ_CONTROL)).isFalse();
            assertThat(allows(TOKEN, "O:USERD:", READ_CONTROL.or(WRITE_DAC))).isTrue();
            assertThat(allows(TOKEN, "O:USERD:", WRITE_OWNER)).isFalse();
        }

        @Test
        void denyOnlyGroupsMatchDeniesAndNeverAllows() {
            VirtualToken filtered = TOKEN.filtered(ImmutableSet.of(WellKnownSids.USERS));

            assertThat(allows(TOKEN, "O:OTHERD:(A;;FR;;;BU)", FILE_READ_DATA)).isTrue();
            assertThat(allows(filtered, "O:OTHERD:(A;;FR;;;BU)", FILE_READ_DATA))
                    .isFalse();
            assertThat(allows(filtered, "O:OTHERD:(D;;FR;;;BU)(A;;FR;;;USER)", FILE_READ_DATA))
                    .isFalse();
        }

        @Test
        void conditionalEntriesGoByTheSwitchAndUnknownFailsClosed() {
            AccessAce allow = new AccessAce(
                    AccessAce.Kind.ALLOW_CALLBACK, AceFlags.NONE, FILE_ALL_ACCESS, USER, ByteString.EMPTY);
            AccessAce deny =
                    new AccessAce(AccessAce.Kind.DENY_CALLBACK, AceFlags.NONE, FILE_ALL_ACCESS, USER, ByteString.EMPTY);
            SecurityDescriptor allowing = SecurityDescriptor.of(OTHER, null, Acl.of(allow));
            SecurityDescriptor denying =
                    SecurityDescriptor.of(OTHER, null, Acl.of(deny, AccessAce.allow(FILE_ALL_ACCESS, USER)));

            assertThat(with(Conditions.UNKNOWN).allows(TOKEN, allowing, FILE_READ_DATA))
                    .isFalse();
            assertThat(with(Conditions.TRUE).allows(TOKEN, allowing, FILE_READ_DATA))
                    .isTrue();
            assertThat(with(Conditions.FALSE).allows(TOKEN, allowing, FILE_READ_DATA))
                    .isFalse();
            assertThat(with(Conditions.UNKNOWN).allows(TOKEN, denying, FILE_READ_DATA))
                    .isFalse();
            assertThat(with(Conditions.TRUE).allows(TOKEN, denying, FILE_READ_DATA))
                    .isFalse();
            assertThat(with(Conditions.FALSE).allows(TOKEN, denying, FILE_READ_DATA))
                    .isTrue();
        }

        private SecurityReferenceMonitor with(Conditions conditions) {
            return new SecurityReferenceMonitor(new MonitorSwitches(
                    RestrictedScope.WRITE_RIGHTS,
                    RestrictedOwner.NEEDS_RESTRICTING_SID,
                    RestrictedMaximum.INTERSECTION,
                    conditions));
        }

        @Test
        void anEntryThatTheModelDoesNotKnowIsRefusedNotIgnored() {
            SecurityDescriptor object = SecurityDescriptor.of(
                    OTHER, null, Acl.of(new OpaqueAce(0x05, AceFlags.NONE, ByteString.copyOf(new byte[16]))));

            assertThatThrownBy(() -> MONITOR.check(TOKEN, object, FILE_READ_DATA))
                    .isInstanceOf(UnmodelledAceException.class);
        }
    }

    @Nested
    final class MaximumAllowed {
        @Test
        void dependsOnTheOrder() {
            assertThat(MONITOR.check(TOKEN, sd("O:OTHERD:(A;;0x3;;;USER)(D;;0x2;;;USER)"), MAXIMUM_ALLOWED)
                            .granted()
                            .bits())
                    .isEqualTo(3);
            assertThat(MONITOR.check(TOKEN, sd("O:OTHERD:(D;;0x2;;;USER)(A;;0x3;;;USER)"), MAXIMUM_ALLOWED)
                            .granted()
                            .bits())
                    .isEqualTo(1);
        }

        @Test
        void isDeniedWhenNothingIsGranted() {
            assertThat(MONITOR.check(TOKEN, sd("O:OTHERD:"), MAXIMUM_ALLOWED).status())
                    .isEqualTo(Status.ACCESS_DENIED);
        }

        @Test
        void ofALowerLevelLeavesOutWhatTheLabelRefuses() {
            VirtualToken low = TOKEN.atLevel(IntegrityLevel.LOW);

            assertThat(MONITOR.check(low, sd("O:USERD:(A;;FA;;;USER)"), MAXIMUM_ALLOWED)
                            .granted()
                            .bits())
                    .isEqualTo(0x1200A9);
        }

        @Test
        void ofAWriteRestrictedTokenNeedsBothPassesForWritesOnly() {
            VirtualToken restricted = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY), true);

            assertThat(MONITOR.check(restricted, sd("O:OTHERD:(A;;FA;;;USER)(A;;0x2;;;CAP)"), MAXIMUM_ALLOWED)
                            .granted()
                            .bits())
                    .isEqualTo((0x1F01FF & ~0x010D0116) | 0x2);
        }
    }

    @Nested
    final class TheOwner {
        @Test
        void hasReadControlAndWriteDacUnlessOwnerRightsTakesTheirPlace() {
            assertThat(allows(TOKEN, "O:USERD:(A;;0x1;;;WD)", WRITE_DAC)).isTrue();
            assertThat(allows(TOKEN, "O:USERD:(A;;RC;;;OW)", WRITE_DAC)).isFalse();
            assertThat(allows(TOKEN, "O:USERD:(A;;RC;;;OW)", READ_CONTROL)).isTrue();
            assertThat(allows(TOKEN, "O:USERD:(A;IO;RC;;;OW)", WRITE_DAC)).isTrue();
            assertThat(allows(TOKEN, "O:OTHERD:(A;;FA;;;OW)", READ_CONTROL)).isFalse();
        }

        @Test
        void whoIsDenyOnlyHasNoImplicitRights() {
            VirtualToken filtered = TOKEN.filtered(ImmutableSet.of(WellKnownSids.USERS));

            assertThat(allows(TOKEN, "O:BUD:", READ_CONTROL)).isTrue();
            assertThat(allows(filtered, "O:BUD:", READ_CONTROL)).isFalse();
        }

        @Test
        void ofARestrictedTokenMustBeARestrictingSidUnlessTheSwitchSaysOtherwise() {
            VirtualToken without = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY), false);
            VirtualToken with = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY, USER), false);
            SecurityReferenceMonitor lenient = new SecurityReferenceMonitor(new MonitorSwitches(
                    RestrictedScope.WRITE_RIGHTS,
                    RestrictedOwner.ALWAYS,
                    RestrictedMaximum.INTERSECTION,
                    Conditions.UNKNOWN));

            assertThat(allows(without, "O:USERD:", WRITE_DAC)).isFalse();
            assertThat(allows(with, "O:USERD:", WRITE_DAC)).isTrue();
            assertThat(lenient.allows(without, sd("O:USERD:"), WRITE_DAC)).isTrue();
        }

        @Test
        void rightsEntryCountsInTheRestrictedPassIfTheOwnerIsARestrictingSid() {
            VirtualToken with = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY, USER), false);

            assertThat(allows(with, "O:USERD:(D;;WD;;;CAP)(A;;RCWD;;;OW)", WRITE_DAC))
                    .isFalse();
            assertThat(allows(with, "O:USERD:(A;;RCWD;;;OW)", WRITE_DAC)).isTrue();
            assertThat(allows(TOKEN, "O:USERD:(D;;WD;;;CAP)(A;;RCWD;;;OW)", WRITE_DAC))
                    .isTrue();
        }
    }

    @Nested
    final class Privileges {
        private final VirtualToken powerful =
                VirtualToken.of(USER, ImmutableSet.of(), Privilege.SECURITY, Privilege.TAKE_OWNERSHIP);

        @Test
        void grantTheirRightsWhateverTheDaclSays() {
            assertThat(allows(powerful, "O:OTHERD:", WRITE_OWNER.or(ACCESS_SYSTEM_SECURITY)))
                    .isTrue();
            assertThat(allows(TOKEN, "O:OTHERD:", WRITE_OWNER)).isFalse();
        }

        @Test
        void ofOwnershipDoNotPassALabelAndThatOfRelabellingDoes() {
            VirtualToken relabel = VirtualToken.of(USER, ImmutableSet.of(), Privilege.RELABEL);

            assertThat(allows(powerful.atLevel(IntegrityLevel.LOW), "O:OTHERD:", WRITE_OWNER))
                    .isFalse();
            assertThat(allows(relabel.atLevel(IntegrityLevel.LOW), "O:OTHERD:", WRITE_OWNER))
                    .isTrue();
        }

        @Test
        void areNotFilteredByRestrictingSids() {
            assertThat(allows(powerful.restrictedTo(ImmutableSet.of(), false), "O:OTHERD:", WRITE_OWNER))
                    .isTrue();
        }
    }

    @Nested
    final class Labels {
        private final VirtualToken low = TOKEN.atLevel(IntegrityLevel.MEDIUM_LOW);

        @Test
        void anUnlabelledObjectLosesToALowerLevelAllWritesDeleteAndDeleteChild() {
            for (AccessMask mask :
                    new AccessMask[] {FILE_WRITE_DATA, DELETE, WRITE_DAC, WRITE_OWNER, FILE_DELETE_CHILD, GENERIC_WRITE
                    }) {
                assertThat(allows(low, "O:USERD:(A;;FA;;;USER)", mask))
                        .as(mask.toString())
                        .isFalse();
                assertThat(allows(TOKEN, "O:USERD:(A;;FA;;;USER)", mask))
                        .as(mask.toString())
                        .isTrue();
            }
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)", FILE_READ_DATA.or(FILE_EXECUTE)))
                    .isTrue();
        }

        @Test
        void evenANullDaclDoesNotPassThem() {
            assertThat(allows(low, "O:USER", FILE_WRITE_DATA)).isFalse();
        }

        @Test
        void ofTheOwnLevelOrBelowDoNotHold() {
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)S:(ML;;NWNRNX;;;S-1-16-6144)", FILE_ALL_ACCESS))
                    .isTrue();
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)S:(ML;;NW;;;LW)", FILE_WRITE_DATA))
                    .isTrue();
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)S:(ML;;NW;;;S-1-16-6145)", FILE_WRITE_DATA))
                    .isFalse();
        }

        @Test
        void withNoReadUpLeaveExecuteUnlessItIsRefusedToo() {
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)S:(ML;;NWNR;;;ME)", FILE_READ_DATA))
                    .isFalse();
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)S:(ML;;NWNR;;;ME)", FILE_EXECUTE))
                    .isTrue();
            assertThat(allows(low, "O:USERD:(A;;FA;;;USER)S:(ML;;NWNRNX;;;ME)", FILE_EXECUTE))
                    .isFalse();
        }
    }

    @Nested
    final class RestrictingSids {
        private final VirtualToken full = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY), false);
        private final VirtualToken writes = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY), true);

        @Test
        void mustBeGrantedTheSameAgain() {
            assertThat(allows(full, "O:OTHERD:(A;;FA;;;USER)", FILE_READ_DATA)).isFalse();
            assertThat(allows(full, "O:OTHERD:(A;;FA;;;CAP)", FILE_READ_DATA)).isFalse();
            assertThat(allows(full, "O:OTHERD:(A;;FA;;;USER)(A;;FR;;;CAP)", FILE_READ_DATA))
                    .isTrue();
        }

        @Test
        void forWritesOnlyLeaveReadsAndDeleteChildToTheNormalPass() {
            assertThat(allows(writes, "O:OTHERD:(A;;FA;;;USER)", FILE_READ_DATA))
                    .isTrue();
            assertThat(allows(writes, "O:OTHERD:(A;;FA;;;USER)", FILE_DELETE_CHILD))
                    .isTrue();
            for (AccessMask mask : new AccessMask[] {FILE_WRITE_DATA, DELETE, WRITE_DAC, WRITE_OWNER}) {
                assertThat(allows(writes, "O:OTHERD:(A;;FA;;;USER)", mask))
                        .as(mask.toString())
                        .isFalse();
                assertThat(allows(writes, "O:OTHERD:(A;;FA;;;USER)(A;;FA;;;CAP)", mask))
                        .as(mask.toString())
                        .isTrue();
            }
        }

        @Test
        void areCheckedForTheWholeRequestUnderTheOtherSetting() {
            SecurityReferenceMonitor whole = new SecurityReferenceMonitor(new MonitorSwitches(
                    RestrictedScope.WHOLE_REQUEST,
                    RestrictedOwner.NEEDS_RESTRICTING_SID,
                    RestrictedMaximum.INTERSECTION,
                    Conditions.UNKNOWN));
            SecurityDescriptor object = sd("O:OTHERD:(A;;FA;;;USER)(A;;0x2;;;CAP)");

            assertThat(MONITOR.allows(writes, object, AccessMask.of(3))).isTrue();
            assertThat(whole.allows(writes, object, AccessMask.of(3))).isFalse();
            assertThat(whole.allows(writes, object, FILE_READ_DATA)).isTrue();
        }

        @Test
        void deniesForThemHoldInTheirPassOnly() {
            assertThat(allows(TOKEN, "O:OTHERD:(D;;FA;;;CAP)(A;;FA;;;USER)", FILE_WRITE_DATA))
                    .isTrue();
            assertThat(allows(writes, "O:OTHERD:(D;;FA;;;CAP)(A;;FA;;;USER)(A;;FA;;;CAP)", FILE_WRITE_DATA))
                    .isFalse();
            assertThat(allows(writes, "O:OTHERD:(D;;FA;;;CAP)(A;;FA;;;USER)", FILE_READ_DATA.or(FILE_DELETE_CHILD)))
                    .isTrue();
            assertThat(allows(full, "O:OTHERD:(D;;0x40;;;CAP)(A;;FA;;;USER)(A;;FA;;;CAP)", FILE_DELETE_CHILD))
                    .isFalse();
        }

        @Test
        void thatAreNoneRefuseEveryWrite() {
            VirtualToken none = TOKEN.restrictedTo(ImmutableSet.of(), true);

            assertThat(allows(none, "O:USERD:(A;;FA;;;USER)(A;;FA;;;WD)", FILE_WRITE_DATA))
                    .isFalse();
            assertThat(allows(none, "O:USERD:(A;;FA;;;USER)", FILE_READ_DATA)).isTrue();
        }

        @Test
        void ofATokenRestrictedTwiceAreTheCommonOnes() {
            VirtualToken twice = TOKEN.restrictedTo(ImmutableSet.of(CAPABILITY, USER), true)
                    .restrictedTo(ImmutableSet.of(USER, LOGON), true);

            assertThat(twice.restricting()).hasValue(ImmutableSet.of(USER));
        }
    }

    @Nested
    final class AppContainers {
        private final Sid packageSid = Sid.parse("S-1-15-2-1-2-3-4-5-6-7");
        private final VirtualToken container =
                TOKEN.inAppContainer(new VirtualToken.AppContainer(packageSid, ImmutableSet.of(CAPABILITY), false));
        private final VirtualToken lessPrivileged =
                TOKEN.inAppContainer(new VirtualToken.AppContainer(packageSid, ImmutableSet.of(), true));

        private String with(String sddl) {
            return sddl.replace("PKG", packageSid.toString());
        }

        @Test
        void needTheUserAndTheirOwnSids() {
            assertThat(allows(container, "O:OTHERD:(A;;FA;;;USER)", FILE_READ_DATA))
                    .isFalse();
            assertThat(allows(container, with("O:OTHERD:(A;;FA;;;PKG)"), FILE_READ_DATA))
                    .isFalse();
            assertThat(allows(container, with("O:OTHERD:(A;;FA;;;USER)(A;;FA;;;PKG)"), FILE_WRITE_DATA))
                    .isTrue();
            assertThat(allows(container, "O:OTHERD:(A;;FA;;;USER)(A;;FR;;;CAP)", FILE_READ_DATA))
                    .isTrue();
        }

        @Test
        void ofAllPackagesLeaveOutTheLessPrivileged() {
            assertThat(allows(container, "O:OTHERD:(A;;FA;;;USER)(A;;FR;;;AC)", FILE_READ_DATA))
                    .isTrue();
            assertThat(allows(lessPrivileged, "O:OTHERD:(A;;FA;;;USER)(A;;FR;;;AC)", FILE_READ_DATA))
                    .isFalse();
            assertThat(allows(lessPrivileged, "O:OTHERD:(A;;FA;;;USER)(A;;FR;;;S-1-15-2-2)", FILE_READ_DATA))
                    .isTrue();
        }

        @Test
        void doNotGetTheOwnersRightsForNothing() {
            assertThat(allows(container, "O:USERD:(A;;FA;;;USER)", WRITE_DAC)).isFalse();
            assertThat(allows(container, "O:USER", FILE_READ_DATA)).isFalse();
        }

        @Test
        void areNotHeldByADenyForTheirPackageButByOneForTheUser() {
            String both = with("(A;;FA;;;USER)(A;;FA;;;PKG)");

            assertThat(allows(container, with("O:OTHERD:(D;;FA;;;PKG)") + both, FILE_READ_DATA))
                    .isTrue();
            assertThat(allows(container, "O:OTHERD:(D;;FA;;;USER)" + both, FILE_READ_DATA))
                    .isFalse();
        }

        @Test
        void areNotHeldToLabelsUpToMediumWhileTheyRunAtLow() {
            String both = with("O:OTHERD:(A;;FA;;;USER)(A;;FA;;;PKG)");

            assertThat(allows(container, both, FILE_WRITE_DATA)).isTrue();
            assertThat(allows(container, both + "S:(ML;;NW;;;HI)", FILE_WRITE_DATA))
                    .isFalse();
            assertThat(allows(container.atLevel(IntegrityLevel.UNTRUSTED), both, FILE_WRITE_DATA))
                    .isFalse();
        }
    }

    @Test
    void anExplanationNamesTheRuleAndTheEntryThatDecided() {
        AccessDecision byEntry =
                MONITOR.explain(TOKEN, sd("O:OTHERD:(A;;FR;;;USER)(D;;0x2;;;WD)(A;;FA;;;USER)"), FILE_WRITE_DATA);
        AccessDecision byLabel =
                MONITOR.explain(TOKEN.atLevel(IntegrityLevel.LOW), sd("O:OTHERD:(A;;FA;;;USER)"), FILE_WRITE_DATA);

        assertThat(byEntry.explanation()).contains("NORMAL_PASS: entry 1 (D;;0x2;;;WD) denies 0x000002(WRITE_DATA)");
        assertThat(byLabel.explanation()).contains("INTEGRITY: Low is below the label Medium:NW");
        assertThat(byEntry.isGranted()).isFalse();
    }
}
