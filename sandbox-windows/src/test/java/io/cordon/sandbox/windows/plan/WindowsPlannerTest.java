package io.cordon.sandbox.windows.plan;

import static io.cordon.sandbox.windows.plan.PlainHost.ACCOUNT;
import static io.cordon.sandbox.windows.plan.PlainHost.CARVE_OUT;
import static io.cordon.sandbox.windows.plan.PlainHost.LOGON;
import static io.cordon.sandbox.windows.plan.PlainHost.PROJECT;
import static io.cordon.sandbox.windows.plan.PlainHost.ROOT;
import static io.cordon.sandbox.windows.plan.PlainHost.ROOT_CAPABILITY;
import static io.cordon.sandbox.windows.plan.PlainHost.SECRET;
import static io.cordon.sandbox.windows.plan.PlainHost.TEMP;
import static io.cordon.sandbox.windows.plan.PlainHost.TEMP_CAPABILITY;
import static io.cordon.sandbox.windows.plan.PlainHost.USER;
import static io.cordon.sandbox.windows.plan.PlainHost.directory;
import static io.cordon.sandbox.windows.plan.PlainHost.facts;
import static io.cordon.sandbox.windows.plan.PlainHost.factsOfRules;
import static io.cordon.sandbox.windows.plan.PlainHost.labelled;
import static io.cordon.sandbox.windows.plan.PlainHost.object;
import static io.cordon.sandbox.windows.plan.PlainHost.policy;
import static io.cordon.sandbox.windows.plan.PlainHost.policyOfRules;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a policy becomes, element by element. That the result confines is shown by the properties of the testkit. */
final class WindowsPlannerTest {
    private static String edits(WindowsPlan plan) {
        StringBuilder text = new StringBuilder();
        for (Edit edit : plan.edits()) {
            String what = edit instanceof Edit.SetLabel label
                    ? label.ace(true, label.tree()) + (label.tree() ? " tree" : "")
                    : edit instanceof Edit.AddAce add ? add.ace() + (add.tree() ? " tree" : "") : "make";
            text.append(edit.path().getFileName()).append(' ').append(what).append('\n');
        }
        return text.toString().replace(USER.toString(), "USER");
    }

    @Test
    void aRootIsHeldInPlaceAndLabelledAndSoIsThePrivateTemp() {
        WindowsPlan plan =
                WindowsPlanner.plan(policy().build(), facts().build()).orThrow();

        assertThat(edits(plan)).isEqualTo("""
                t1 make
                ws (D;;0x10000;;;USER)
                t1 (D;;0x10000;;;USER)
                ws (ML;OICI;NW;;;S-1-16-6144) tree
                t1 (ML;OICI;NW;;;S-1-16-6144) tree
                """);
        assertThat(plan.writable()).containsExactly(ROOT, TEMP);
        assertThat(plan.fences()).containsExactly(ROOT, TEMP);
        assertThat(plan.environment()).containsOnlyKeys("TEMP", "TMP", "TMPDIR").containsValue(TEMP.toString());
    }

    @Test
    void whatProtectsComesBeforeWhatOpens() {
        WindowsPlan plan = WindowsPlanner.plan(
                        policyOfRules().build(), factsOfRules().build())
                .orThrow();

        assertThat(edits(plan)).isEqualTo("""
                t1 make
                .git (ML;OICI;NW;;;ME) tree
                .ssh (ML;OICI;NWNRNX;;;ME) tree
                ws (D;;0x10040;;;USER)
                t1 (D;;0x10000;;;USER)
                project (D;;0x10040;;;USER)
                ws (ML;OICI;NW;;;S-1-16-6144) tree
                t1 (ML;OICI;NW;;;S-1-16-6144) tree
                """);
        assertThat(plan.boundaries()).containsExactly(CARVE_OUT, SECRET);
        assertThat(plan.fences()).contains(ROOT, PROJECT, CARVE_OUT);
    }

    @Test
    void aPathThatIsCarvedOutAndDeniedForReadingGetsTheStricterLabel() {
        WindowsPlan plan = WindowsPlanner.plan(
                        policy().denyWrite(CARVE_OUT).denyRead(CARVE_OUT).build(),
                        factsOfRules().build())
                .orThrow();

        assertThat(edits(plan)).contains(".git (ML;OICI;NWNRNX;;;ME) tree").doesNotContain(".git (ML;OICI;NW;;;ME)");
    }

    @Test
    void theTokenIsBelowMediumAndRestrictedOnlyIfAskedFor() {
        TokenShape plain =
                WindowsPlanner.plan(policy().build(), facts().build()).orThrow().token();
        TokenShape restricted = WindowsPlanner.plan(policy().build(), facts().build(), PlanOptions.WRITE_RESTRICTED)
                .orThrow()
                .token();

        assertThat(plain).isEqualTo(new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty()));
        assertThat(restricted.restricting())
                .hasValue(ImmutableSet.of(ROOT_CAPABILITY, TEMP_CAPABILITY, LOGON, WellKnownSids.EVERYONE));
    }

    /** Whatever is in the list can be written again, so nothing that user files grant writing to may be in it. */
    @Test
    void theRestrictingListNeverNamesTheUserOrHisGroups() {
        List<Sid> never = List.of(
                USER,
                WellKnownSids.USERS,
                WellKnownSids.AUTHENTICATED_USERS,
                WellKnownSids.INTERACTIVE,
                WellKnownSids.ADMINISTRATORS,
                WellKnownSids.LOCAL_SYSTEM);

        assertThat(WindowsPlanner.plan(policyOfRules().build(), factsOfRules().build(), PlanOptions.WRITE_RESTRICTED)
                        .orThrow()
                        .token()
                        .restricting()
                        .orElseThrow())
                .doesNotContainAnyElementsOf(never);
    }

    @Test
    void aGrantForACapabilityLeavesOutDeleteChildWriteDacAndWriteOwner() {
        List<AccessAce> grants =
                WindowsPlanner.plan(policy().build(), facts().build(), PlanOptions.WRITE_RESTRICTED)
                        .orThrow()
                        .edits()
                        .stream()
                        .filter(Edit.AddAce.class::isInstance)
                        .map(edit -> ((Edit.AddAce) edit).ace())
                        .filter(ace -> ace.kind().allows())
                        .toList();

        assertThat(grants).extracting(AccessAce::sid).containsExactly(ROOT_CAPABILITY, TEMP_CAPABILITY);
        assertThat(grants).allSatisfy(ace -> {
            assertThat(ace.mask()
                            .intersects(AccessMask.FILE_DELETE_CHILD
                                    .or(AccessMask.WRITE_DAC)
                                    .or(AccessMask.WRITE_OWNER)))
                    .isFalse();
            assertThat(ace.mask()
                            .contains(AccessMask.FILE_GENERIC_WRITE
                                    .or(AccessMask.FILE_GENERIC_READ)
                                    .or(AccessMask.DELETE)))
                    .isTrue();
        });
    }

    @Test
    void aClosedNetworkRunsAsTheProvisionedAccountWhichIsGrantedTheRootAndNamedInEveryDeny() {
        WindowsPlan plan = WindowsPlanner.plan(
                        policyOfRules().network(NetworkAccess.NONE).build(),
                        factsOfRules().account(new AccountFacts(ACCOUNT, true)).build())
                .orThrow();

        assertThat(plan.confinement()).isEqualTo(Confinement.ACCOUNT);
        assertThat(plan.token().level()).isEqualTo(IntegrityLevel.MEDIUM_LOW);
        assertThat(edits(plan)).doesNotContain("USER");
        assertThat(edits(plan).replace(ACCOUNT.toString(), "ACCOUNT"))
                .contains("ws (D;;0x10040;;;ACCOUNT)")
                .contains("ws (A;OICI;0x1301bf;;;ACCOUNT) tree");
        assertThat(plan.environment()).doesNotContainKey("HTTP_PROXY");
        assertThat(plan.gaps()).isEmpty();
    }

    @Test
    void aNetworkThatIsOpenAsAcceptedIsAGapAndProxiesSayNo() {
        WindowsPlan plan = WindowsPlanner.plan(
                        policy().network(NetworkAccess.NONE)
                                .bestEffort(Capability.NETWORK)
                                .build(),
                        facts().build())
                .orThrow();

        assertThat(plan.confinement()).isEqualTo(Confinement.LOW_INTEGRITY);
        assertThat(plan.gaps()).extracting(Gap::capability).containsExactly(Capability.NETWORK);
        assertThat(plan.environment()).containsKeys("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY");
        assertThat(plan.job().slowNetwork()).isTrue();
        assertThat(plan.explain()).contains("what it sends to the network slowed to a crawl");
    }

    @Test
    void aProxyForHostsThatIsAcceptedAsBestEffortIsNotReplacedByADeadOne() {
        WindowsPlan plan = WindowsPlanner.plan(
                        policy().network(NetworkAccess.allowHosts("example.org"))
                                .bestEffort(Capability.NETWORK)
                                .build(),
                        facts().build())
                .orThrow();

        assertThat(plan.gaps()).extracting(Gap::capability).containsExactly(Capability.NETWORK);
        assertThat(plan.environment()).doesNotContainKeys("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY");
        assertThat(plan.job().slowNetwork()).isFalse();
    }

    @Test
    void theJobCarriesTheLimitsAndNoUiLimitsInsideAnotherJob() {
        JobShape job = WindowsPlanner.plan(
                        policy().limits(limits ->
                                        limits.processes(7).memory(1L << 30).cpuPercent(50))
                                .build(),
                        facts().inJob(true).build())
                .orThrow()
                .job();

        assertThat(job)
                .isEqualTo(
                        new JobShape(OptionalInt.of(7), OptionalLong.of(1L << 30), OptionalInt.of(50), false, false));
        assertThat(WindowsPlanner.plan(policy().build(), facts().build())
                        .orThrow()
                        .job())
                .isEqualTo(new JobShape(OptionalInt.empty(), OptionalLong.empty(), OptionalInt.empty(), true, false));
    }

    @Test
    void aCarveOutThatDoesNotExistIsToldOrMade() {
        HostFacts facts = facts().object(directory(PROJECT)).makeable(CARVE_OUT).build();
        WindowsPlan told = WindowsPlanner.plan(policy().denyWrite(CARVE_OUT).build(), facts)
                .orThrow();
        WindowsPlan made = WindowsPlanner.plan(
                        policy().denyWrite(CARVE_OUT).build(),
                        facts,
                        PlanOptions.DEFAULT.withCreateMissingCarveOuts(true))
                .orThrow();

        assertThat(told.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .contains("denyWrite(" + CARVE_OUT + ") does not exist")
                        .contains("createMissingCarveOuts"));
        assertThat(told.boundaries()).isEmpty();
        assertThat(edits(made)).contains(".git make").contains(".git (ML;OICI;NW;;;ME) tree");
        assertThat(made.fences()).contains(CARVE_OUT);
    }

    @Test
    void aCarveOutBehindALinkProtectsTheLinkAndWhatItLeadsTo() {
        Path link = ROOT.resolve("link");
        Path target = ROOT.resolve("real");
        ObjectFacts plain = directory(link);
        HostFacts facts = facts().object(
                        new ObjectFacts(link, plain.id(), true, true, plain.descriptor(), true, true, false))
                .object(directory(target))
                .link(link, link)
                .realPath(link, target)
                .build();

        WindowsPlan plan =
                WindowsPlanner.plan(policy().denyWrite(link).build(), facts).orThrow();

        assertThat(edits(plan)).contains("link (ML;;NW;;;ME)\n").contains("real (ML;OICI;NW;;;ME) tree");
        assertThat(plan.boundaries()).containsExactly(link, target);
    }

    @Test
    void anExposedPlaceKeepsWhatItsLabelDeniedAndLosesWhatTheChildCouldWrite() {
        HostFacts facts = facts().exposed(object(PlainHost.at("/shared/open"), labelled("(ML;;NW;;;LW)"), true))
                .exposed(object(PlainHost.at("/shared/secret"), labelled("(ML;;NR;;;ME)"), true))
                .build();

        assertThat(edits(WindowsPlanner.plan(policy().build(), facts).orThrow()))
                .contains("open (ML;;NW;;;ME)\n")
                .contains("secret (ML;;NWNR;;;ME)\n");
    }

    @Test
    void aTreeWithItsStampIsNotGoneThroughAgainAndADifferentPolicyIs() {
        WindowsPlan first =
                WindowsPlanner.plan(policy().build(), facts().build()).orThrow();
        AccessAce held = AccessAce.deny(AccessMask.DELETE, USER);
        HostFacts.Builder stamped =
                PlainHost.bare().object(directory(CARVE_OUT)).object(directory(PROJECT));
        for (Path top : new Path[] {ROOT, TEMP}) {
            stamped.object(object(top, AceChange.apply(labelled("(ML;OICI;NW;;;S-1-16-6144)"), held), true))
                    .tree(
                            top,
                            new TreeFacts(
                                    Optional.ofNullable(first.stamps().get(top)),
                                    ImmutableList.of(),
                                    ImmutableList.of(),
                                    false,
                                    false,
                                    false));
        }

        assertThat(WindowsPlanner.plan(policy().build(), stamped.build())
                        .orThrow()
                        .edits())
                .isEmpty();
        assertThat(edits(WindowsPlanner.plan(policy().denyWrite(CARVE_OUT).build(), stamped.build())
                        .orThrow()))
                .contains("ws (ML;OICI;NW;;;S-1-16-6144) tree")
                .doesNotContain("t1 (ML");
    }

    @Test
    void theExplanationTellsTheConfinementEveryChangeWithItsReasonAndEveryNote() {
        WindowsPlan plan = WindowsPlanner.plan(
                        policyOfRules()
                                .network(NetworkAccess.NONE)
                                .bestEffort(Capability.NETWORK)
                                .limits(limits -> limits.processes(7))
                                .build(),
                        factsOfRules().build())
                .orThrow();

        String text = plan.explain();

        assertThat(text)
                .startsWith("Confinement: LOW_INTEGRITY, because the policy accepts the network as best effort")
                .contains("Token: level " + IntegrityLevel.MEDIUM_LOW + ", no privileges")
                .contains("processes <= 7")
                .contains("label (ML;OICI;NWNRNX;;;ME) on " + SECRET + " and beneath")
                .contains("Changes of a tree stop at " + CARVE_OUT)
                .contains("Held open against deleting and renaming: " + ROOT)
                .contains("Environment: HTTP_PROXY=http://127.0.0.1:9")
                .contains("Not enforced, as accepted: NETWORK NONE");
        plan.edits().forEach(edit -> assertThat(text).contains("because " + edit.reason()));
        plan.warnings().forEach(warning -> assertThat(text).contains("Note: " + warning));
    }
}
