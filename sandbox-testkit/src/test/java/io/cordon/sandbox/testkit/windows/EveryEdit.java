package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.List;
import java.util.Objects;

/** A small tree and a policy whose plan has edits of every kind, and what goes on there while it is open. */
final class EveryEdit {
    private static final String NORMAL = "O:USERG:USERD:AI(A;OICIID;FA;;;USER)(A;OICIID;FA;;;SY)";
    private static final String MODIFY = "O:USERG:USERD:(A;OICI;0x1301bf;;;USER)(A;OICI;FA;;;SY)";
    private static final String LOW = "O:USERG:USERD:" + Scenario.FULL + "S:(ML;OICI;NW;;;LW)";

    private EveryEdit() {}

    /**
     * The tree.
     *
     * @param foreign whether there is a file in it that the user can delete through its directory only, so that a plan
     *     may not deny that
     */
    static VirtualHost host(boolean foreign) {
        VirtualVolume volume = new VirtualVolume(
                Scenario.sd("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
                new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
                VolumeSwitches.DEFAULT);
        SecurityDescriptor plain = Scenario.sd("O:USERG:USERD:" + Scenario.FULL);
        volume.addDirectory("/me", plain);
        volume.addDirectory("/me/cordon", plain);
        volume.addDirectory("/me/secret", plain);
        volume.addFile("/me/secret/key", Scenario.sd(NORMAL));
        volume.addFile("/me/locallow", Scenario.sd(LOW)); // outside, and exposed
        volume.addDirectory("/me/ws", plain);
        volume.addDirectory("/me/ws/src", Scenario.sd(NORMAL));
        volume.addFile("/me/ws/src/main", Scenario.sd(NORMAL));
        if (foreign) {
            volume.addFile("/me/ws/src/foreign", Scenario.sd("O:SYG:SYD:(A;;FR;;;WD)(A;;FA;;;SY)"));
        }
        volume.addDirectory("/me/ws/modify", Scenario.sd(MODIFY)); // takes its label by a grant only
        volume.addFile("/me/ws/modify/file", Scenario.sd(MODIFY));
        volume.addFile("/me/ws/labelled", Scenario.sd(LOW));
        volume.addFile("/me/ws/stamped", Scenario.sd(NORMAL + "S:AI(ML;ID;NW;;;S-1-16-6144)")); // as it is to be
        volume.addDirectory("/me/ws/.git", Scenario.sd(NORMAL));
        volume.addFile("/me/ws/.git/config", Scenario.sd(LOW));
        volume.addFile("/me/linked", Scenario.sd(NORMAL));
        volume.addHardLink("/me/linked", "/me/ws/linked");
        return new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, "/me/cordon/t1");
    }

    static SandboxPolicy policy() {
        return SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(VirtualVolume.toPath("/me/ws"))
                .denyWrite(VirtualVolume.toPath("/me/ws/.git"))
                .denyWrite(VirtualVolume.toPath("/me/ws/src/absent"))
                .denyRead(VirtualVolume.toPath("/me/secret"))
                .build();
    }

    static PlanOptions options(boolean writeRestricted) {
        return PlanOptions.DEFAULT
                .withWriteRestricted(writeRestricted)
                .withHardLinks(PlanOptions.HardLinks.SKIP)
                .withCreateMissingCarveOuts(true);
    }

    /** What a child makes and moves, and what another program of the user edits. */
    static void use(VirtualHost host, WindowsPlan plan) {
        VirtualVolume volume = host.volume();
        VolumeSession child = volume.as(host.child(plan));
        Acl stated = Scenario.acl("D:" + Scenario.FULL);
        Acl modify = Scenario.acl("D:(A;;0x1301bf;;;USER)(A;;0x1301bf;;;WD)");
        List<VolumeOutcome> outcomes = List.of(
                child.createDirectory("/me/ws/made", null),
                child.createFile("/me/ws/made/inherits", null),
                child.createFile("/me/ws/made/states", stated),
                child.createFile("/me/ws/made/modify", modify),
                child.createDirectory("/me/ws/made/junction", null),
                child.makeJunction("/me/ws/made/junction", "/me/secret"),
                child.rename("/me/ws/src/main", "/me/ws/made/moved", false));
        for (VolumeOutcome outcome : outcomes) {
            if (!outcome.isDone()) {
                throw new IllegalStateException("the child is to be able to do all this: " + outcomes);
            }
        }
        // The user's WRITE_OWNER is taken, so that the label can be undone by a grant only.
        VirtualObject directory = volume.object("/me/ws/src");
        Acl dacl = Objects.requireNonNull(directory.descriptor().dacl());
        volume.setDescriptor(
                directory.id(),
                directory
                        .descriptor()
                        .withDacl(dacl.withAces(dacl.aces().stream()
                                .map(ace -> ace.equals(Scenario.acl("D:AI(A;OICIID;FA;;;USER)")
                                                .aces()
                                                .get(0))
                                        ? Scenario.acl("D:(A;OICI;0x1701ff;;;USER)")
                                                .aces()
                                                .get(0)
                                        : ace)
                                .toList())));
        if (volume.as(Scenario.TOKEN).has("/me/ws/src", AccessMask.WRITE_OWNER)) {
            throw new IllegalStateException("the user is not to have WRITE_OWNER any more");
        }
    }
}
