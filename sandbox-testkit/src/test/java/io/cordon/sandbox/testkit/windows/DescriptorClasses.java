package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Descriptors that neither the user nor his child can tell apart, on an object and on all that is made in it: of these
 * the small universe needs one. An entry for Everyone and one for the user are alike to both; on a file, what a directory
 * would pass on counts for nothing.
 *
 * <p>That holds for plans without write restriction, to which Everyone is somebody else. {@code SmallUniverseTest}
 * compares plans and searches of alike descriptors.
 */
final class DescriptorClasses {
    private static final SecurityReferenceMonitor MONITOR = new SecurityReferenceMonitor(MonitorSwitches.DEFAULT);
    private static final VirtualToken USER = Scenario.TOKEN;
    private static final VirtualToken CHILD = USER.unprivileged().atLevel(IntegrityLevel.MEDIUM_LOW);

    private final Map<String, String> files = new HashMap<>();
    private final Map<String, String> directories = new HashMap<>();

    DescriptorClasses(List<String> sddl) {
        gather(sddl, false, files);
        gather(sddl, true, directories);
    }

    private static void gather(List<String> sddl, boolean directory, Map<String, String> representatives) {
        Map<Object, String> classes = new LinkedHashMap<>();
        for (String each : sddl) {
            representatives.put(each, classes.computeIfAbsent(view(Scenario.sd(each), directory, 2), unused -> each));
        }
    }

    /** The descriptor that stands for this one. */
    String representative(String sddl, boolean directory) {
        return (directory ? directories : files).getOrDefault(sddl, sddl);
    }

    /** Whether it stands for itself. */
    boolean isRepresentative(String sddl, boolean directory) {
        return representative(sddl, directory).equals(sddl);
    }

    /** What is passed on twice is passed on for ever. */
    private static ImmutableList<Object> view(SecurityDescriptor descriptor, boolean directory, int generations) {
        ImmutableList.Builder<Object> view = ImmutableList.builder();
        SecurityDescriptor unlabelled = descriptor.withSacl(AttackState.NO_LABEL);
        view.add(
                String.valueOf(descriptor.owner()),
                String.valueOf(descriptor.group()),
                descriptor.control(),
                label(descriptor, directory),
                MONITOR.check(USER, unlabelled, AccessMask.MAXIMUM_ALLOWED).granted(),
                MONITOR.check(CHILD, unlabelled, AccessMask.MAXIMUM_ALLOWED).granted());
        if (directory) {
            view.add(passesOn(descriptor));
            if (generations > 0) {
                for (VirtualToken maker : ImmutableList.of(USER, CHILD)) {
                    for (boolean of : new boolean[] {false, true}) {
                        SecurityDescriptor made =
                                NewObject.descriptor(descriptor, null, of, maker, VolumeSwitches.DEFAULT.newLabels());
                        view.add(view(made, of, generations - 1));
                    }
                }
            }
        }
        return view.build();
    }

    private static boolean passesOn(SecurityDescriptor descriptor) {
        return !Inheritance.inherit(descriptor.dacl(), true, Scenario.USER, Scenario.USER, false)
                .aces()
                .isEmpty();
    }

    private static ImmutableList<Object> label(SecurityDescriptor descriptor, boolean directory) {
        Acl sacl = descriptor.sacl();
        if (sacl == null) {
            return ImmutableList.of();
        }
        ImmutableList.Builder<Object> label = ImmutableList.builder();
        for (Ace ace : sacl.aces()) {
            LabelAce each = (LabelAce) ace;
            label.add(each.mask(), each.level(), directory ? each.flags() : AceFlags.NONE);
        }
        return label.build();
    }
}
