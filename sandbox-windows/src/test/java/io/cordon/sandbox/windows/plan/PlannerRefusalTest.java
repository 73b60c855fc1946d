package io.cordon.sandbox.windows.plan;

import static io.cordon.sandbox.windows.plan.PlainHost.CARVE_OUT;
import static io.cordon.sandbox.windows.plan.PlainHost.ROOT;
import static io.cordon.sandbox.windows.plan.PlainHost.SECRET;
import static io.cordon.sandbox.windows.plan.PlainHost.at;
import static io.cordon.sandbox.windows.plan.PlainHost.bare;
import static io.cordon.sandbox.windows.plan.PlainHost.directory;
import static io.cordon.sandbox.windows.plan.PlainHost.facts;
import static io.cordon.sandbox.windows.plan.PlainHost.factsOfRules;
import static io.cordon.sandbox.windows.plan.PlainHost.foreign;
import static io.cordon.sandbox.windows.plan.PlainHost.labelled;
import static io.cordon.sandbox.windows.plan.PlainHost.object;
import static io.cordon.sandbox.windows.plan.PlainHost.owned;
import static io.cordon.sandbox.windows.plan.PlainHost.policy;
import static io.cordon.sandbox.windows.plan.PlainHost.policyOfRules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions.ExposedPlaces;
import io.cordon.sandbox.windows.plan.PlanOptions.HardLinks;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What cannot be enforced is refused, all of it at once, with what, why and the remedies; the same host without the
 * obstacle gets a plan.
 */
final class PlannerRefusalTest {
    private static void assertPlanned(SandboxPolicy policy, HostFacts facts, PlanOptions options) {
        assertThat(WindowsPlanner.plan(policy, facts, options)).isInstanceOf(PlanResult.Planned.class);
    }

    private static ImmutableList<Gap> refused(SandboxPolicy policy, HostFacts facts, PlanOptions options) {
        PlanResult result = WindowsPlanner.plan(policy, facts, options);
        assertThat(result).isInstanceOf(PlanResult.Refused.class);
        ImmutableList<Gap> gaps = ((PlanResult.Refused) result).gaps();
        assertThat(gaps)
                .isNotEmpty()
                .allSatisfy(gap -> assertThat(gap.remedies()).isNotEmpty());
        return gaps;
    }

    /** Refused for this one reason. */
    private static Gap only(SandboxPolicy policy, HostFacts facts, PlanOptions options) {
        ImmutableList<Gap> gaps = refused(policy, facts, options);
        assertThat(gaps).hasSize(1);
        return gaps.get(0);
    }

    private static TreeFacts tree(
            ImmutableList<ObjectFacts> hardLinks, ImmutableList<Path> unprotectable, boolean passesOnNothing) {
        return new TreeFacts(Optional.empty(), hardLinks, unprotectable, false, passesOnNothing, false);
    }

    @Test
    void aPlainHostIsRefusedNothing() {
        assertPlanned(policy().build(), facts().build(), PlanOptions.DEFAULT);
        assertPlanned(policyOfRules().build(), factsOfRules().build(), PlanOptions.WRITE_RESTRICTED);
    }

    @Test
    void aHostWithoutAUserBehindItConfinesNothing() {
        Gap gap = only(policy().build(), facts().elevation(Elevation.SYSTEM).build(), PlanOptions.DEFAULT);

        assertThat(gap.capability()).isEqualTo(Capability.FILE_WRITE);
        assertThat(gap.acceptable()).isFalse();
        assertPlanned(policy().build(), facts().elevation(Elevation.ELEVATED).build(), PlanOptions.DEFAULT);
    }

    @Test
    void aRootThatIsMissingAFileOrALinkIsNamed() {
        ObjectFacts plain = directory(ROOT);
        ObjectFacts link = new ObjectFacts(ROOT, plain.id(), true, true, plain.descriptor(), true, true, false);

        assertThat(only(policy().build(), bare().build(), PlanOptions.DEFAULT).what())
                .isEqualTo("allowWrite(" + ROOT + ") is no directory: there is none");
        for (ObjectFacts wrong : new ObjectFacts[] {object(ROOT, owned(), false), link}) {
            assertThat(only(policy().build(), bare().object(wrong).build(), PlanOptions.DEFAULT)
                            .what())
                    .isEqualTo("allowWrite(" + ROOT + ") is no directory");
        }
        assertPlanned(policy().build(), bare().object(plain).build(), PlanOptions.DEFAULT);
    }

    @ParameterizedTest(name = "forbidden {0}")
    @ValueSource(strings = {"/home/me/ws", "/home/me", "/home/me/ws/lib"})
    void aRootThatIsHoldsOrLiesInAForbiddenPlaceIsRefused(String forbidden) {
        Gap gap = only(policy().build(), facts().forbidden(at(forbidden)).build(), PlanOptions.DEFAULT);

        assertThat(gap.what()).contains("allowWrite(" + ROOT + ")").contains("must not become writable");
        assertThat(gap.acceptable()).isFalse();
        assertPlanned(policy().build(), facts().forbidden(at("/home/other")).build(), PlanOptions.DEFAULT);
    }

    @Test
    void aProfileMayHoldARootButNotBeOne() {
        assertPlanned(policy().build(), facts().forbiddenItself(at("/home/me")).build(), PlanOptions.DEFAULT);
        only(policy().build(), facts().forbiddenItself(ROOT).build(), PlanOptions.DEFAULT);
        only(policy().build(), facts().forbiddenItself(ROOT.resolve("profile")).build(), PlanOptions.DEFAULT);
    }

    @Test
    void aVolumeWithoutDescriptorsIsRefused() {
        ObjectFacts onFat = new ObjectFacts(ROOT, new FileId(99, 1), true, false, owned(), true, true, false);

        assertThat(only(policy().build(), bare().object(onFat).build(), PlanOptions.DEFAULT)
                        .what())
                .contains("keeps no security descriptors");
        assertPlanned(policy().build(), bare().aclVolume(99).object(onFat).build(), PlanOptions.DEFAULT);
    }

    @Test
    void aRootThatTheUserMayNotLabelIsRefusedWithItsLabel() {
        ObjectFacts high = foreign(ROOT, labelled("(ML;;NW;;;HI)"));

        assertThat(only(policy().build(), bare().object(high).build(), PlanOptions.DEFAULT)
                        .what())
                .contains("cannot be labelled")
                .contains("High:NW");
    }

    @Test
    void aLinkThatPutsARootIntoACarveOutOrADeniedPathIsSeen() {
        Path alias = at("/home/me/alias");
        for (SandboxPolicy policy : new SandboxPolicy[] {
            policy().allowWrite(at("/home/me/other"))
                    .denyWrite(at("/home/me/other/link"))
                    .build(),
            policy().denyRead(alias).build()
        }) {
            Path rule = policy.denyRead().isEmpty() ? at("/home/me/other/link") : alias;
            HostFacts.Builder facts = facts().object(directory(at("/home/me/other")));
            assertThat(refused(policy, facts.realPath(rule, ROOT).build(), PlanOptions.DEFAULT))
                    .anySatisfy(gap -> assertThat(gap.what()).contains("lies inside a path of deny"));
        }
    }

    @Test
    void aFileWithANameOutsideIsRefusedSkippedOrMadeWritableAsAskedFor() {
        ObjectFacts file = object(ROOT.resolve("store.bin"), owned(), false);
        HostFacts facts = facts().tree(ROOT, tree(ImmutableList.of(file), ImmutableList.of(), false))
                .build();

        Gap gap = only(policy().build(), facts, PlanOptions.DEFAULT);
        assertThat(gap.what()).contains(file.path().toString()).contains("a name outside");
        assertThat(gap.acceptable()).isFalse();
        assertThat(WindowsPlanner.plan(policy().build(), facts, PlanOptions.DEFAULT.withHardLinks(HardLinks.SKIP))
                        .orThrow()
                        .boundaries())
                .contains(file.path());
        PlanOptions allow = PlanOptions.DEFAULT.withHardLinks(HardLinks.ALLOW);
        assertThat(only(policy().build(), facts, allow).acceptable()).isTrue();
        assertPlanned(policy().acceptPartial(Capability.FILE_WRITE).build(), facts, allow);
    }

    @Test
    void anExposedPlaceIsShieldedOrRefusedAsAskedFor() {
        ObjectFacts exposed = object(at("/shared/low"), labelled("(ML;OICI;NW;;;LW)"), true);
        HostFacts facts = facts().exposed(exposed).build();
        PlanOptions refuse = PlanOptions.DEFAULT.withExposedPlaces(ExposedPlaces.REFUSE);

        assertThat(WindowsPlanner.plan(policy().build(), facts).orThrow().edits())
                .anySatisfy(edit -> assertThat(edit.path()).isEqualTo(exposed.path()));
        assertThat(only(policy().build(), facts, refuse).what())
                .contains(exposed.path().toString())
                .contains("Low:NW");
        HostFacts outOfReach = facts().exposed(foreign(at("/shared/low"), labelled("(ML;OICI;NW;;;LW)")))
                .build();
        assertThat(only(policy().build(), outOfReach, PlanOptions.DEFAULT).remedies())
                .containsExactly("let its owner raise its label");
    }

    /** Also with an account, whose filters would close the network altogether. */
    @Test
    void allowedHostsAreRefusedUntilSomethingConfinesToTheProxy() {
        SandboxPolicy hosts =
                policy().network(NetworkAccess.allowHosts("api.example")).build();
        HostFacts account =
                facts().account(new AccountFacts(PlainHost.ACCOUNT, true)).build();

        for (HostFacts facts : ImmutableList.of(facts().build(), account)) {
            Gap gap = only(hosts, facts, PlanOptions.DEFAULT);
            assertThat(gap.capability()).isEqualTo(Capability.NETWORK);
            assertThat(gap.what()).contains("the proxy for hosts api.example:80,443");
            assertThat(gap.remedies()).contains("close the network with NetworkAccess.NONE");
            only(hosts.toBuilder().acceptPartial(Capability.NETWORK).build(), facts, PlanOptions.DEFAULT);
            assertPlanned(hosts.toBuilder().bestEffort(Capability.NETWORK).build(), facts, PlanOptions.DEFAULT);
        }
    }

    @Test
    void aClosedNetworkNeedsAnAccountOrTheCallersConsent() {
        SandboxPolicy closed = policy().network(NetworkAccess.NONE).build();

        Gap none = only(closed, facts().build(), PlanOptions.DEFAULT);
        assertThat(none.capability()).isEqualTo(Capability.NETWORK);
        assertThat(none.remedies())
                .containsExactly(
                        "provision an account once, elevated",
                        "use Windows 10 or later and limit what is read with allowRead, for which an AppContainer is "
                                + "used",
                        "accept it with bestEffort(Capability.NETWORK)");
        HostFacts containers = facts().appContainer(PlainHost.PACKAGE).build();
        assertThat(only(closed, containers, PlanOptions.DEFAULT).remedies())
                .containsExactly(
                        "provision an account once, elevated",
                        "limit what is read with allowRead, for which an AppContainer is used",
                        "accept it with bestEffort(Capability.NETWORK)");
        only(closed.toBuilder().acceptPartial(Capability.NETWORK).build(), facts().build(), PlanOptions.DEFAULT);
        assertPlanned(closed.toBuilder().bestEffort(Capability.NETWORK).build(), facts().build(), PlanOptions.DEFAULT);
        HostFacts broken =
                facts().account(new AccountFacts(PlainHost.ACCOUNT, false)).build();
        assertThat(only(closed, broken, PlanOptions.DEFAULT).remedies())
                .contains("provision the account again, elevated");
        assertPlanned(
                closed,
                facts().account(new AccountFacts(PlainHost.ACCOUNT, true)).build(),
                PlanOptions.DEFAULT);
        assertPlanned(policy().build(), broken, PlanOptions.DEFAULT);
    }

    @Test
    void whatInACarveOutOrADeniedPathTheUserMayNotLabelIsNamed() {
        Path inside = CARVE_OUT.resolve("config");
        Path key = SECRET.resolve("id");
        HostFacts facts = factsOfRules()
                .tree(CARVE_OUT, tree(ImmutableList.of(), ImmutableList.of(inside), false))
                .tree(SECRET, tree(ImmutableList.of(), ImmutableList.of(key), false))
                .build();

        assertThat(refused(policyOfRules().build(), facts, PlanOptions.DEFAULT))
                .extracting(Gap::capability)
                .containsExactly(Capability.FILE_WRITE_CARVE_OUT, Capability.FILE_READ_DENY);
        assertPlanned(
                policyOfRules()
                        .acceptPartial(Capability.FILE_WRITE_CARVE_OUT, Capability.FILE_READ_DENY)
                        .build(),
                facts,
                PlanOptions.DEFAULT);
    }

    @Test
    void aMissingCarveOutThatTheUserCannotMakeIsNotClaimedToBeProtected() {
        SandboxPolicy policy = policy().denyWrite(CARVE_OUT).build();
        PlanOptions making = PlanOptions.DEFAULT.withCreateMissingCarveOuts(true);

        assertThat(only(policy, facts().build(), making).capability()).isEqualTo(Capability.FILE_WRITE_CARVE_OUT);
        assertPlanned(policy, facts().makeable(CARVE_OUT).build(), making);
        assertPlanned(policy, facts().build(), PlanOptions.DEFAULT);
    }

    @Test
    void aCarveOutThatCannotBeLabelledIsNotClaimedToProtectWhatLiesInIt() {
        SandboxPolicy policy = policy().denyWrite(CARVE_OUT).build();
        ObjectFacts high = foreign(CARVE_OUT, labelled("(ML;;NWNRNX;;;HI)"));

        Gap gap = only(policy, facts().object(high).build(), PlanOptions.DEFAULT);
        assertThat(gap.capability()).isEqualTo(Capability.FILE_WRITE_CARVE_OUT);
        assertThat(gap.what()).contains("denyWrite(" + CARVE_OUT + ")").contains("nothing in it is labelled");
        assertPlanned(policy, facts().object(directory(CARVE_OUT)).build(), PlanOptions.DEFAULT);
    }

    @Test
    void aDeniedPathThatCannotBeLabelledIsNotClaimedToBeUnreadable() {
        HostFacts facts = facts().object(foreign(SECRET, owned())).build();

        assertThat(only(policy().denyRead(SECRET).build(), facts, PlanOptions.DEFAULT)
                        .capability())
                .isEqualTo(Capability.FILE_READ_DENY);
    }

    @Test
    void aGrantWhereNothingIsPassedOnWouldLockTheOwnerOut() {
        HostFacts facts = facts().tree(ROOT, tree(ImmutableList.of(), ImmutableList.of(), true))
                .build();

        assertThat(only(policy().build(), facts, PlanOptions.WRITE_RESTRICTED).what())
                .contains("locked out");
        assertPlanned(policy().build(), facts, PlanOptions.DEFAULT);
    }

    @Test
    void everythingThatStandsInTheWayIsToldAtOnce() {
        SandboxPolicy policy = policy().network(NetworkAccess.NONE).build();
        HostFacts facts = bare().elevation(Elevation.SYSTEM).build();

        assertThat(refused(policy, facts, PlanOptions.DEFAULT)).hasSize(3);
        assertThatThrownBy(() ->
                        WindowsPlanner.plan(policy, facts, PlanOptions.DEFAULT).orThrow())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is none")
                .hasMessageContaining("Remedies: provision an account once");
    }

    @Test
    void aLevelThatConfinesNothingIsNoOption() {
        assertThatThrownBy(() -> new PlanOptions(
                        io.cordon.sandbox.windows.security.IntegrityLevel.MEDIUM,
                        false,
                        HardLinks.REFUSE,
                        ExposedPlaces.SHIELD,
                        false,
                        Lifetime.SESSION,
                        false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("below Medium");
    }
}
