package io.cordon.sandbox.windows.plan;

import static io.cordon.sandbox.windows.plan.PlainHost.CARVE_OUT;
import static io.cordon.sandbox.windows.plan.PlainHost.PACKAGE;
import static io.cordon.sandbox.windows.plan.PlainHost.PROJECT;
import static io.cordon.sandbox.windows.plan.PlainHost.ROOT;
import static io.cordon.sandbox.windows.plan.PlainHost.SECRET;
import static io.cordon.sandbox.windows.plan.PlainHost.TEMP;
import static io.cordon.sandbox.windows.plan.PlainHost.USER;
import static io.cordon.sandbox.windows.plan.PlainHost.at;
import static io.cordon.sandbox.windows.plan.PlainHost.directory;
import static io.cordon.sandbox.windows.plan.PlainHost.facts;
import static io.cordon.sandbox.windows.plan.PlainHost.factsOfRules;
import static io.cordon.sandbox.windows.plan.PlainHost.object;
import static io.cordon.sandbox.windows.plan.PlainHost.sd;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which confinement is chosen, and what an AppContainer's plan holds. */
class AppContainerPlanTest {
    private static final Path TOOLS = at("/home/me/tools");

    private static SandboxPolicy.Builder closed() {
        return SandboxPolicy.builder().allowWrite(ROOT).allowRead(TOOLS);
    }

    private static HostFacts.Builder host() {
        return factsOfRules().object(directory(TOOLS)).appContainer(PACKAGE);
    }

    private static WindowsPlan plan(SandboxPolicy policy, HostFacts facts) {
        return WindowsPlanner.plan(policy, facts).orThrow();
    }

    private static AccessAce read() {
        return AccessAce.allow(AceFlags.INHERIT, EditPlanning.READ, PACKAGE);
    }

    private static AccessAce write() {
        return AccessAce.allow(AceFlags.INHERIT, EditPlanning.GRANT, PACKAGE);
    }

    /** The whole table of the selection; "accepted" is bestEffort of both capabilities, which must not weaken a choice. */
    @ParameterizedTest
    @CsvSource({
        "ALLOWED, false, none,   false, LOW_INTEGRITY, strict",
        "ALLOWED, false, good,   true,  LOW_INTEGRITY, strict",
        "ALLOWED, true,  good,   true,  LOW_INTEGRITY, accepted",
        "NONE,    false, good,   true,  ACCOUNT,       strict",
        "NONE,    true,  good,   true,  APP_CONTAINER, strict",
        "NONE,    true,  good,   false, refused,       strict",
        "NONE,    true,  good,   false, ACCOUNT,       accepted",
        "NONE,    true,  none,   true,  APP_CONTAINER, strict",
        "NONE,    true,  none,   true,  APP_CONTAINER, accepted",
        "NONE,    true,  broken, true,  APP_CONTAINER, strict",
        "NONE,    true,  none,   false, refused,       strict",
        "NONE,    true,  none,   false, LOW_INTEGRITY, accepted",
        "NONE,    false, none,   true,  refused,       strict",
        "NONE,    false, broken, true,  refused,       strict",
        "NONE,    false, broken, true,  LOW_INTEGRITY, accepted",
        "ALLOWED, true,  none,   true,  refused,       strict"
    })
    void theConfinementFollowsFromPolicyAndHost(
            String network, boolean limited, String account, boolean containers, String expected, String accepted) {
        // given
        SandboxPolicy.Builder policy = SandboxPolicy.builder()
                .allowWrite(ROOT)
                .network(network.equals("NONE") ? NetworkAccess.NONE : NetworkAccess.ALLOWED);
        if (limited) {
            policy.allowRead(TOOLS);
        }
        if (accepted.equals("accepted")) {
            policy.bestEffort(Capability.NETWORK, Capability.FILE_READ_LIMIT);
        }
        HostFacts.Builder facts = facts().object(directory(TOOLS));
        if (!account.equals("none")) {
            facts.account(new AccountFacts(PlainHost.ACCOUNT, account.equals("good")));
        }
        if (containers) {
            facts.appContainer(PACKAGE);
        }

        // when
        PlanResult result = WindowsPlanner.plan(policy.build(), facts.build());

        // then
        String chosen = result instanceof PlanResult.Planned planned
                ? planned.plan().confinement().name()
                : "refused";
        assertThat(chosen).as(result::toString).isEqualTo(expected);
        if (result instanceof PlanResult.Refused refused) {
            assertThat(refused.gaps())
                    .allSatisfy(gap -> assertThat(gap.remedies()).isNotEmpty());
        }
    }

    @Test
    void itsTokenIsThePackagesAtLowWithoutCapabilities() {
        WindowsPlan plan = plan(closed().build(), host().build());

        assertThat(plan.token())
                .isEqualTo(new TokenShape(
                        IntegrityLevel.LOW, Optional.empty(), Optional.of(new ContainerShape(PACKAGE, false))));
        assertThat(plan.environment()).containsOnlyKeys("TEMP", "TMP", "TMPDIR");
        PlanResult less =
                WindowsPlanner.plan(closed().build(), host().build(), PlanOptions.DEFAULT.withLessPrivileged(true));
        assertThat(less.orThrow().token().container()).contains(new ContainerShape(PACKAGE, true));
    }

    @Test
    void rootsAreGrantedAndNothingIsLabelled() {
        WindowsPlan plan = plan(closed().denyWrite(CARVE_OUT).denyRead(SECRET).build(), host().build());

        assertThat(plan.edits()).noneMatch(Edit.SetLabel.class::isInstance);
        assertThat(plan.edits())
                .filteredOn(Edit.AddAce.class::isInstance)
                .extracting(Edit::path, edit -> ((Edit.AddAce) edit).ace())
                .containsExactly(
                        // Held by a denied DELETE alone: nothing grants FILE_DELETE_CHILD to the package.
                        org.assertj.core.groups.Tuple.tuple(ROOT, AccessAce.deny(AccessMask.DELETE, USER)),
                        org.assertj.core.groups.Tuple.tuple(TEMP, AccessAce.deny(AccessMask.DELETE, USER)),
                        org.assertj.core.groups.Tuple.tuple(PROJECT, AccessAce.deny(AccessMask.DELETE, USER)),
                        org.assertj.core.groups.Tuple.tuple(TOOLS, read()),
                        org.assertj.core.groups.Tuple.tuple(CARVE_OUT, read()),
                        org.assertj.core.groups.Tuple.tuple(ROOT, write()),
                        org.assertj.core.groups.Tuple.tuple(TEMP, write()));
        assertThat(plan.boundaries()).containsExactlyInAnyOrder(CARVE_OUT, SECRET);
        assertThat(plan.readable()).containsExactly(TOOLS, CARVE_OUT);
    }

    @Test
    void whatAContainerIsGrantedAlreadyInAProtectedPlaceIsAGap() {
        Path key = SECRET.resolve("key");
        HostFacts facts = host().tree(
                        SECRET,
                        new TreeFacts(Optional.empty(), ImmutableList.of(), ImmutableList.of(key), false, false, false))
                .build();

        PlanResult result = WindowsPlanner.plan(closed().denyRead(SECRET).build(), facts);

        assertThat(result).isInstanceOf(PlanResult.Refused.class);
        assertThat(((PlanResult.Refused) result).gaps())
                .extracting(Gap::capability)
                .containsExactly(Capability.FILE_READ_DENY);
        assertThat(result.toString()).contains(key.toString()).contains("AppContainers");
    }

    @Test
    void whatTheUserCannotGrantIsSaidUnlessItIsOpenToAllPackages() {
        HostFacts.Builder bare = facts().appContainer(PACKAGE);
        HostFacts open = bare.object(PlainHost.foreign(TOOLS, sd("O:SYD:(A;OICI;0x1200a9;;;BU)(A;OICI;0x1200a9;;;AC)")))
                .build();
        HostFacts shut = facts().appContainer(PACKAGE)
                .object(PlainHost.foreign(TOOLS, sd("O:SYD:(A;OICI;0x1200a9;;;BU)")))
                .build();

        assertThat(plan(closed().build(), open).warnings()).noneMatch(text -> text.contains("cannot be granted"));
        assertThat(plan(closed().build(), shut).warnings()).anyMatch(text -> text.contains("cannot be granted"));
        assertThat(plan(closed().build(), shut).edits())
                .noneMatch(edit -> edit.path().equals(TOOLS));
    }

    @Test
    void aSecondPlanOnThePreparedHostChangesNothing() {
        WindowsPlan first = plan(closed().build(), host().build());
        HostFacts.Builder prepared = PlainHost.bare().appContainer(PACKAGE);
        String held = "(D;;SD;;;USER)";
        String all = "(A;OICI;FA;;;SY)(A;OICI;FA;;;USER)";
        prepared.object(object(ROOT, AceChange.apply(sd("O:USERD:" + held + all), write()), true));
        prepared.object(object(TEMP, AceChange.apply(sd("O:USERD:" + held + all), write()), true));
        prepared.object(object(TOOLS, AceChange.apply(sd("O:USERD:" + all), read()), true));
        first.stamps()
                .forEach((path, stamp) -> prepared.tree(
                        path,
                        new TreeFacts(
                                Optional.of(stamp), ImmutableList.of(), ImmutableList.of(), false, false, false)));

        assertThat(plan(closed().build(), prepared.build()).edits()).isEmpty();
    }

    @Test
    void theExplanationSaysWhyAndWhat() {
        String text = plan(closed().build(), host().build()).explain();

        assertThat(text)
                .contains("Confinement: APP_CONTAINER, because the policy closes the network and limits what is read")
                .contains("Token: AppContainer " + PACKAGE + " without capabilities, level")
                .contains("add " + read() + " to " + TOOLS + " and beneath")
                .contains("Other sandboxes can write these roots only where");
    }
}
