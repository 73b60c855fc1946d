package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.PlanEditor;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.Unreached;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanFindingsTest {
    private static final String USER = "S-1-5-21-1-2-3-1000";
    private static final long VOLUME = 1;
    private static final Path ROOT = Path.of("/me/ws").toAbsolutePath();
    private static final Path CARVE_OUT = ROOT.resolve("kept");
    private static final Path SECRET = Path.of("/me/secret").toAbsolutePath();

    private final HostFacts.Builder facts = HostFacts.builder()
            .user(Sid.parse(USER), Sid.parse("S-1-5-5-0-1"))
            .aclVolume(VOLUME)
            .temp(Path.of("/me/temp").toAbsolutePath())
            .object(directory(ROOT, 1))
            .object(directory(CARVE_OUT, 2))
            .object(directory(SECRET, 3));

    private static ObjectFacts directory(Path path, long id) {
        return new ObjectFacts(
                path,
                new FileId(VOLUME, id),
                true,
                false,
                Sddl.parse("O:" + USER + "D:AI(A;OICIID;FA;;;" + USER + ")"),
                true,
                true,
                false);
    }

    private ImmutableListMultimap<Capability, String> gaps(PlanEditor.Exposed... exposed) {
        SandboxPolicy policy = SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(ROOT)
                .denyWrite(CARVE_OUT)
                .denyRead(SECRET)
                .build();
        HostFacts seen = facts.build();
        WindowsPlan plan = WindowsPlanner.plan(policy, seen).orThrow();
        PlanEditor.Outcome outcome = new PlanEditor.Outcome(ImmutableList.of(), ImmutableList.copyOf(exposed));
        return PlanFindings.of(policy, new PlanOpening.Opened(plan, seen, outcome))
                .gaps();
    }

    private static PlanEditor.Exposed exposed(Path path, boolean readable, boolean changeable) {
        MandatoryLabel label = new MandatoryLabel(IntegrityLevel.MEDIUM, MandatoryLabel.NO_WRITE_UP);
        return new PlanEditor.Exposed(
                new Edit.SetLabel(path, label, true, "protect it"),
                new Unreached(path.resolve("object").toString(), "refused", 5),
                readable,
                changeable);
    }

    @Test
    void withoutAFindingNothingIsMissing() {
        assertThat(gaps().asMap()).isEmpty();
    }

    @Test
    void whatTheUserMayNotLookAtIsWhatTheChildPerhapsChanges() {
        List<Path> closed = IntStream.rangeClosed(1, 6)
                .mapToObj(n -> Path.of("/me/closed" + n).toAbsolutePath())
                .toList();
        closed.forEach(facts::unsearched);
        assertThat(gaps().keySet()).containsOnly(Capability.FILE_WRITE);
        assertThat(gaps().get(Capability.FILE_WRITE))
                .singleElement()
                .asString()
                .contains(closed.subList(0, 5).stream().map(Path::toString).toList())
                .doesNotContain(closed.get(5).toString())
                .contains(" and more");
    }

    @Test
    void anObjectOutsideThatDidNotTakeItsLabelIsBothReadAndChanged() {
        assertThat(gaps(exposed(SECRET, true, true)).keySet())
                .containsOnly(Capability.FILE_READ_DENY, Capability.FILE_WRITE);
        assertThat(gaps(exposed(SECRET, true, false)).keySet()).containsOnly(Capability.FILE_READ_DENY);
        assertThat(gaps(exposed(SECRET, false, true)).keySet()).containsOnly(Capability.FILE_WRITE);
    }

    @Test
    void anObjectInARootThatDidNotTakeItsLabelIsInACarveOut() {
        assertThat(gaps(exposed(CARVE_OUT, false, true)).keySet()).containsOnly(Capability.FILE_WRITE_CARVE_OUT);
    }
}
