package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A tree, a policy and an attack, all given by small numbers, so that shrinking has something to work on. Paths and
 * rights are chosen by number from what is there when the step runs.
 */
record Scenario(
        ImmutableList<Node> nodes,
        ImmutableList<Integer> denyWrite,
        ImmutableList<Integer> denyRead,
        boolean secondRoot,
        boolean account,
        ImmutableList<Integer> allowRead,
        PlanOptions options,
        ImmutableList<Step> attack,
        MonitorSwitches monitorSwitches,
        VolumeSwitches volumeSwitches) {

    /** A scenario without an AppContainer. */
    Scenario(
            ImmutableList<Node> nodes,
            ImmutableList<Integer> denyWrite,
            ImmutableList<Integer> denyRead,
            boolean secondRoot,
            boolean account,
            PlanOptions options,
            ImmutableList<Step> attack,
            MonitorSwitches monitorSwitches,
            VolumeSwitches volumeSwitches) {
        this(
                nodes,
                denyWrite,
                denyRead,
                secondRoot,
                account,
                ImmutableList.of(),
                options,
                attack,
                monitorSwitches,
                volumeSwitches);
    }

    static final Sid USER = Sid.parse("S-1-5-21-1-2-3-1000");
    static final Sid LOGON = Sid.parse("S-1-5-5-0-77");
    static final String ROOT = "/me/ws";
    static final String SECOND_ROOT = "/me/ws2";
    static final String TEMP = "/me/cordon/t1";
    static final ImmutableList<String> NAMES = ImmutableList.of("a", "b", ".git", "Configuration.json");

    /** The provisioned account: another user of the machine, in the groups that every user is in. */
    static final VirtualToken ACCOUNT_TOKEN = VirtualToken.of(
            Sid.parse("S-1-5-21-1-2-3-1500"),
            ImmutableSet.of(WellKnownSids.EVERYONE, WellKnownSids.USERS, WellKnownSids.AUTHENTICATED_USERS));

    static final Sid PACKAGE = Sid.parse("S-1-15-2-1-2-3-4-5-6-7");
    static final VirtualToken TOKEN = VirtualToken.ofUser(USER, LOGON);
    static final String FULL = "(A;OICI;FA;;;USER)(A;OICI;FA;;;SY)";

    /** What a node is. */
    enum Kind {
        FILE,
        DIRECTORY,
        HARD_LINK,
        JUNCTION
    }

    /** One object, placed in the directory with this number, linked to the object with that number. */
    record Node(int parent, int name, Kind kind, int link, String descriptor) {}

    /** One step of an attack. */
    record Step(int operation, int first, int second, int variant) {}

    static SecurityDescriptor sd(String sddl) {
        return Sddl.parse(sddl.replace("USER", USER.toString()));
    }

    static Acl acl(String sddl) {
        return Objects.requireNonNull(sd(sddl).dacl());
    }

    /** The volume without any plan. */
    VirtualHost build() {
        SecurityDescriptor plain = sd("O:USERG:USERD:" + FULL);
        VirtualVolume volume = new VirtualVolume(
                sd("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
                new SecurityReferenceMonitor(monitorSwitches),
                volumeSwitches);
        volume.addDirectory("/me", plain);
        volume.addDirectory(ROOT, plain);
        volume.addDirectory(SECOND_ROOT, plain);
        volume.addDirectory("/me/docs", plain);
        volume.addFile("/me/docs/notes.txt", plain);
        volume.addDirectory("/me/cordon", plain);
        volume.addDirectory("/shared", sd("O:SYG:SYD:(A;OICI;FA;;;WD)"));
        for (Node node : nodes) {
            add(volume, node);
        }
        VirtualHost host = new VirtualHost(volume, TOKEN, LOGON, TEMP).withAppContainer(PACKAGE);
        return account ? host.provisioned(ACCOUNT_TOKEN) : host;
    }

    private static void add(VirtualVolume volume, Node node) {
        List<String> directories = new ArrayList<>();
        List<String> files = new ArrayList<>();
        List<String> all = new ArrayList<>();
        volume.walk((path, object) -> {
            if (path.startsWith("/me/cordon")) {
                return; // the library's own place, which only the user's own processes write
            }
            all.add(path);
            if (object.isDirectory() && object.reparseTarget() == null) {
                directories.add(path);
            } else if (!object.isDirectory()) {
                files.add(path);
            }
        });
        String path = pick(directories, node.parent()) + "/" + pick(NAMES, node.name());
        if (volume.find(path) != null) {
            return;
        }
        SecurityDescriptor descriptor = sd(node.descriptor());
        switch (node.kind()) {
            case FILE -> volume.addFile(path, descriptor);
            case DIRECTORY -> volume.addDirectory(path, descriptor);
            case HARD_LINK -> volume.addHardLink(pick(files, node.link()), path);
            case JUNCTION -> volume.addJunction(path, pick(all, node.link()), descriptor);
        }
    }

    static <T> T pick(List<T> list, int number) {
        return list.get(Math.floorMod(number, list.size()));
    }

    /** Whether the child is in an AppContainer. */
    boolean isContained() {
        return !account && !allowRead.isEmpty();
    }

    /** The policy, over objects of the tree. */
    SandboxPolicy policy(VirtualVolume volume) {
        SandboxPolicy.Builder policy = SandboxPolicy.builder()
                .network(account || isContained() ? NetworkAccess.NONE : NetworkAccess.ALLOWED)
                .allowWrite(VirtualVolume.toPath(ROOT));
        if (secondRoot) {
            policy.allowWrite(VirtualVolume.toPath(SECOND_ROOT));
        }
        List<String> inside = new ArrayList<>();
        List<String> absent = new ArrayList<>(List.of(ROOT + "/absent"));
        List<String> deniable = new ArrayList<>();
        volume.walk((path, object) -> {
            boolean beneath = path.startsWith(ROOT + "/") || (secondRoot && path.startsWith(SECOND_ROOT + "/"));
            if (beneath) {
                inside.add(path);
                if (object.isDirectory()) {
                    absent.add(path + "/absent");
                }
            }
            boolean holdsRoot = path.equals("/me") || path.equals(ROOT) || path.equals(SECOND_ROOT);
            if (!holdsRoot && !path.startsWith("/me/cordon")) {
                deniable.add(path);
            }
        });
        inside.addAll(absent);
        denyWrite.forEach(number -> policy.denyWrite(VirtualVolume.toPath(pick(inside, number))));
        allowRead.forEach(number -> policy.allowRead(VirtualVolume.toPath(pick(deniable, number))));
        denyRead.forEach(number -> policy.denyRead(VirtualVolume.toPath(pick(deniable, number))));
        return policy.build();
    }

    /** The operation that a step stands for, on the volume as it is now. */
    static VolumeOperation operation(Step step, VirtualVolume volume) {
        List<String> paths = volume.paths().keySet().asList();
        List<String> places = new ArrayList<>();
        volume.walk((path, object) -> {
            if (object.isDirectory()) {
                NAMES.forEach(name -> places.add(path + "/" + name));
                places.add(path + "/new");
            }
        });
        String first = spelled(pick(paths, step.first()), step.variant());
        String second = pick(paths, step.second());
        String place = spelled(pick(places, step.second()), step.variant());
        Acl full = acl("D:" + FULL);
        Acl everyone = acl("D:(A;OICI;FA;;;WD)");
        Acl stated = step.variant() % 2 == 0 ? full : everyone;
        int levels = step.variant() % 3;
        return switch (Math.floorMod(step.operation(), 18)) {
            case 0 -> new VolumeOperation.Write(first, "attack");
            case 1 -> new VolumeOperation.Append(first, "attack");
            case 2 -> new VolumeOperation.Overwrite(first, "attack");
            case 3 -> new VolumeOperation.SetAttributes(first);
            case 4 -> new VolumeOperation.CreateFile(place, null);
            case 5 -> new VolumeOperation.CreateDirectory(place, null);
            case 6 -> new VolumeOperation.CreateFile(place, stated);
            case 7, 8 -> new VolumeOperation.Delete(first);
            case 9, 10 -> new VolumeOperation.Rename(first, place, step.variant() % 2 == 0);
            case 11 -> new VolumeOperation.Rename(first, second, true);
            case 12 -> new VolumeOperation.HardLink(first, place);
            case 13 -> new VolumeOperation.MakeJunction(first, second);
            case 14 -> new VolumeOperation.SetDacl(first, stated);
            case 15 -> new VolumeOperation.SetOwner(first, USER);
            case 16 ->
                new VolumeOperation.SetLabel(
                        first,
                        new LabelAce(AceFlags.INHERIT, AccessMask.of(levels), new IntegrityLevel(levels * 0x1000)));
            default -> new VolumeOperation.Write(first + ":stream", "attack");
        };
    }

    /** The same path in another spelling. */
    private static String spelled(String path, int variant) {
        return switch (Math.floorMod(variant, 7)) {
            case 1 -> path.toUpperCase(Locale.ROOT);
            case 2 -> path + ".";
            case 3 -> path.replace("Configuration.json", "CONFIG~1.JSO");
            default -> path;
        };
    }

    @Override
    public String toString() {
        VirtualHost host = build();
        StringBuilder text = new StringBuilder("tree:\n");
        host.volume()
                .walk((path, object) -> text.append("  ")
                        .append(path)
                        .append(object.isDirectory() ? "/ " : " ")
                        .append("#")
                        .append(object.id())
                        .append(object.reparseTarget() == null ? "" : " -> " + object.reparseTarget())
                        .append(' ')
                        .append(object.descriptor())
                        .append('\n'));
        text.append("policy: ").append(host.volume().find(ROOT) == null ? "" : describe(policy(host.volume())));
        text.append(account ? ", as the provisioned account" : "")
                .append("\noptions: ")
                .append(options);
        text.append("\nattack: ").append(attack.stream().map(Step::toString).collect(Collectors.joining(", ")));
        return text.append("\n")
                .append(monitorSwitches)
                .append("\n")
                .append(volumeSwitches)
                .toString();
    }

    private static String describe(SandboxPolicy policy) {
        return "allowWrite" + policy.allowWrite() + " denyWrite" + policy.denyWrite() + " denyRead" + policy.denyRead()
                + " allowRead" + policy.allowRead();
    }
}
