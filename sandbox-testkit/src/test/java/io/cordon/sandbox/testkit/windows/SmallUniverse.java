package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every tree of so many objects, every descriptor of an alphabet on each of them, and every policy over them.
 *
 * <p>The first object is the root of the policy; every other one lies in a directory of the tree or beside the root,
 * and may be carved out (if it lies in the root), denied for reading, both or neither. Of trees that differ by nothing
 * but the names of siblings, one is enough: neither the planner nor the model looks at a name, only at whether names
 * are equal. Of descriptors that are alike to user and child, one is enough too, see {@link DescriptorClasses}.
 */
final class SmallUniverse {
    static final String TEMP = "/lib/t";

    private final int objects;
    private final ImmutableList<String> descriptors;
    private final DescriptorClasses classes;
    private final boolean all;
    private final Consumer<Case> visitor;
    private final List<Item> items = new ArrayList<>();
    private final Map<String, SecurityDescriptor> parsed = new HashMap<>();

    /** A tree under a policy; to be looked at while it is visited only. */
    interface Case {
        VirtualHost host();

        /** The same tree with the descriptors that stand for those of this one. */
        VirtualHost representative();

        SandboxPolicy policy();
    }

    /**
     * An object: its directory (-1 is the volume's root), what it is, the number of its descriptor, and what the policy
     * says of it.
     */
    private record Item(int parent, boolean directory, int descriptor, boolean carvedOut, boolean denied) {
        char symbol() {
            return (char) (' ' + (directory ? 1 : 0) + (carvedOut ? 2 : 0) + (denied ? 4 : 0) + descriptor * 8);
        }
    }

    /**
     * A universe.
     *
     * @param all whether also trees are visited of which others are representative
     */
    SmallUniverse(int objects, ImmutableList<String> descriptors, boolean all, Consumer<Case> visitor) {
        this.objects = objects;
        this.descriptors = descriptors;
        this.classes = new DescriptorClasses(descriptors);
        this.all = all;
        this.visitor = visitor;
    }

    private final Case here = new Case() {
        @Override
        public VirtualHost host() {
            return build(false);
        }

        @Override
        public VirtualHost representative() {
            return build(true);
        }

        @Override
        public SandboxPolicy policy() {
            return currentPolicy();
        }
    };

    /** Visits every case with exactly this number of objects. */
    void walk() {
        for (int descriptor = 0; descriptor < descriptors.size(); descriptor++) {
            extendBy(new Item(-1, true, descriptor, false, false));
        }
    }

    /**
     * Objects are numbered in the order of a walk through the tree, so the next one lies in the last one, in one of the
     * directories above that, or beside the root.
     */
    private void extend() {
        if (items.size() == objects) {
            if (areSiblingsInOrder()) {
                visitor.accept(here);
            }
            return;
        }
        int last = items.size() - 1;
        for (int parent = last;
                parent >= -1;
                parent = parent < 0 ? -2 : items.get(parent).parent()) {
            if (parent < 0 || items.get(parent).directory()) {
                extendIn(parent);
            }
        }
    }

    private void extendIn(int parent) {
        boolean inRoot = parent >= 0 && top(parent) == 0;
        for (int descriptor = 0; descriptor < descriptors.size(); descriptor++) {
            for (int choice = 0; choice < (inRoot ? 8 : 4); choice++) {
                extendBy(new Item(parent, (choice & 1) != 0, descriptor, (choice & 4) != 0, (choice & 2) != 0));
            }
        }
    }

    private void extendBy(Item item) {
        if (all || classes.isRepresentative(descriptors.get(item.descriptor()), item.directory())) {
            items.add(item);
            extend();
            items.remove(items.size() - 1);
        }
    }

    private int top(int item) {
        int top = item;
        while (items.get(top).parent() >= 0) {
            top = items.get(top).parent();
        }
        return top;
    }

    private boolean areSiblingsInOrder() {
        String[] previous = new String[items.size() + 1];
        for (int i = 1; i < items.size(); i++) {
            String subtree = subtree(i);
            int directory = items.get(i).parent() + 1;
            if (previous[directory] != null && previous[directory].compareTo(subtree) > 0) {
                return false;
            }
            previous[directory] = subtree;
        }
        return true;
    }

    private String subtree(int item) {
        StringBuilder text = new StringBuilder().append(items.get(item).symbol());
        for (int i = item + 1; i < items.size(); i++) {
            if (items.get(i).parent() == item) {
                text.append('(').append(subtree(i)).append(')');
            }
        }
        return text.toString();
    }

    private VirtualHost build(boolean representative) {
        VirtualVolume volume = new VirtualVolume(
                parse("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
                new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
                VolumeSwitches.DEFAULT);
        volume.addDirectory("/lib", parse("O:USERG:USERD:" + Scenario.FULL));
        for (int i = 0; i < items.size(); i++) {
            String sddl = descriptors.get(items.get(i).descriptor());
            SecurityDescriptor descriptor = parse(
                    representative ? classes.representative(sddl, items.get(i).directory()) : sddl);
            if (items.get(i).directory()) {
                volume.addDirectory(path(i), descriptor);
            } else {
                volume.addFile(path(i), descriptor);
            }
        }
        return new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, TEMP);
    }

    private SandboxPolicy currentPolicy() {
        SandboxPolicy.Builder policy =
                SandboxPolicy.builder().network(NetworkAccess.ALLOWED).allowWrite(VirtualVolume.toPath(path(0)));
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).carvedOut()) {
                policy.denyWrite(VirtualVolume.toPath(path(i)));
            }
            if (items.get(i).denied()) {
                policy.denyRead(VirtualVolume.toPath(path(i)));
            }
        }
        return policy.build();
    }

    private String path(int item) {
        int parent = items.get(item).parent();
        return (parent < 0 ? "" : path(parent)) + "/" + (char) ('a' + item);
    }

    private SecurityDescriptor parse(String sddl) {
        return parsed.computeIfAbsent(sddl, Scenario::sd);
    }
}
