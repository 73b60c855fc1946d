package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tree of a scenario as real files at the top of C:, and in a model that holds exactly what these files are: the
 * descriptors are read back from them.
 */
final class RealTree {
    /** What the trees of scenarios begin with. */
    static final ImmutableList<String> TOPS = ImmutableList.of("/me", "/shared");

    final VirtualHost host;
    private final RealFiles real;
    private final Map<Long, Long> identities = new HashMap<>();

    private RealTree(VirtualHost host, RealFiles real) {
        this.host = host;
        this.real = real;
    }

    /**
     * What this Wine, or a user without rights of an administrator, cannot have is left out or replaced by what comes next,
     * and counted.
     */
    static Scenario possible(Scenario scenario, EndToEndCounts counts) {
        ImmutableList.Builder<Scenario.Node> nodes = ImmutableList.builder();
        for (Scenario.Node node : scenario.nodes()) {
            if (node.kind() == Scenario.Kind.JUNCTION) {
                counts.add("left out: junction in the tree");
            } else {
                nodes.add(node);
            }
        }
        if (scenario.account()) {
            counts.add("replaced: another account by the user");
        }
        return new Scenario(
                nodes.build(),
                scenario.denyWrite(),
                scenario.denyRead(),
                scenario.secondRoot(),
                false,
                scenario.options(),
                scenario.attack(),
                MonitorSwitches.DEFAULT,
                // Renaming a directory below which something is open succeeds on Wine.
                new VolumeSwitches(
                        VolumeSwitches.Fences.OBJECT,
                        VolumeSwitches.DEFAULT.newLabels(),
                        VolumeSwitches.DEFAULT.propagation(),
                        VolumeSwitches.DEFAULT.hardLinks()));
    }

    /** Makes the files. */
    static RealTree make(Scenario scenario, RealUser user, FileCalls files, EndToEndCounts counts)
            throws IOException, WindowsFailure {
        VirtualVolume template = scenario.build().volume();
        template.addDirectory(Scenario.TEMP, Scenario.sd("D:"));
        Map<String, VirtualObject> objects = new LinkedHashMap<>();
        template.walk(objects::put);

        RealFiles real = new RealFiles(files);
        Map<Long, String> made = new HashMap<>();
        Map<String, Long> indices = new HashMap<>();
        for (Map.Entry<String, VirtualObject> each : objects.entrySet()) {
            String path = each.getKey();
            String existing = made.putIfAbsent(each.getValue().id(), path);
            if (existing == null) {
                real.make(path, each.getValue().isDirectory());
            } else {
                Files.createLink(VirtualVolume.toPath(path), VirtualVolume.toPath(existing));
            }
            indices.put(path, real.facts(path).fileIndex());
        }
        // What is there inherits nothing from this, and every path is reached whatever the directories on it grant.
        for (Map.Entry<Long, String> each : made.entrySet()) {
            if (!each.getValue().equals(Scenario.TEMP)) {
                SecurityDescriptor descriptor = template.object(each.getKey()).descriptor();
                real.secure(each.getValue(), possible(user.of(descriptor), counts));
            }
        }

        VirtualVolume volume = new VirtualVolume(
                real.descriptor("/"),
                new SecurityReferenceMonitor(scenario.monitorSwitches()),
                scenario.volumeSwitches());
        RealTree tree = new RealTree(new VirtualHost(volume, user.token(), user.logon(), Scenario.TEMP), real);
        for (Map.Entry<String, VirtualObject> each : objects.entrySet()) {
            tree.add(each.getKey(), made, each.getValue(), indices);
        }
        return tree;
    }

    private void add(String path, Map<Long, String> made, VirtualObject template, Map<String, Long> indices)
            throws WindowsFailure {
        VirtualVolume volume = host.volume();
        String existing = Objects.requireNonNull(made.get(template.id()));
        if (!existing.equals(path)) {
            volume.addHardLink(existing, path);
            return;
        }
        SecurityDescriptor descriptor = real.descriptor(path);
        VirtualObject object =
                template.isDirectory() ? volume.addDirectory(path, descriptor) : volume.addFile(path, descriptor);
        identities.put(Objects.requireNonNull(indices.get(path)), object.id());
    }

    /** The object of the model that a file stands for; 0 for a file that was not there at first. */
    long object(long fileIndex) {
        return identities.getOrDefault(fileIndex, 0L);
    }

    /**
     * Whether a file that the attack made has the number of one that was there first and was deleted. The journal takes it
     * for that one then. Linux gives numbers out again at once; the one of NTFS holds a count of how often its place in
     * the table of files was used (MS-FSCC 2.1.9).
     */
    boolean hasNumberOfDeleted(String path, long object) throws WindowsFailure {
        return !identities.containsValue(object)
                && identities.containsKey(real.facts(path).fileIndex());
    }

    /** What differs between the descriptors of the files and those of the model, with both; a line for each. */
    List<String> differences(Set<Long> excused) throws WindowsFailure {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, Long> each : host.volume().paths().entrySet()) {
            SecurityDescriptor expected = host.volume().object(each.getKey()).descriptor();
            SecurityDescriptor actual = real.descriptor(each.getKey());
            boolean made = !identities.containsValue(each.getValue());
            if (!excused.contains(each.getValue()) && !plain(actual, made).equals(plain(expected, made))) {
                differences.add(each.getKey() + "\n    model " + expected + "\n    real  " + actual);
            }
        }
        return differences;
    }

    /**
     * A SACL without entry says nothing. Whether the label of a new object is marked as inherited depends on the directory
     * in a way that no source tells, and decides nothing.
     */
    private static SecurityDescriptor plain(SecurityDescriptor descriptor, boolean made) {
        Acl sacl = descriptor.sacl();
        if (sacl == null || sacl.aces().isEmpty()) {
            return descriptor.withoutSacl();
        }
        return made
                ? descriptor.withSacl(sacl.withAces(
                        sacl.aces().stream().map(RealTree::unmarked).toList()))
                : descriptor;
    }

    private static Ace unmarked(Ace ace) {
        return ace.withFlags(new AceFlags(ace.flags().bits() & ~AceFlags.INHERITED.bits()));
    }

    /** The model as it is now, with the descriptors of the files. */
    VirtualVolume readBack() throws WindowsFailure {
        VirtualVolume copy = host.volume().copy();
        for (Map.Entry<String, Long> each : copy.paths().entrySet()) {
            copy.setDescriptor(each.getValue(), real.descriptor(each.getKey()));
        }
        return copy;
    }

    /**
     * What differs between the files and the model: names, kinds, identities and contents. Takes every lock off the files
     * for that.
     */
    List<String> contentDifferences(Acl full) throws IOException, WindowsFailure {
        // Wine keeps the old spelling of a name whose file is replaced.
        Map<String, VirtualObject> expected = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        host.volume().walk(expected::put);
        for (String path : expected.keySet()) {
            real.unlock(path, full);
        }
        List<String> differences = new ArrayList<>();
        Set<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String top : TOPS) {
            try (Stream<Path> files = Files.walk(VirtualVolume.toPath(top))) {
                files.map(VirtualVolume::fromPath).forEach(found::add);
            }
        }
        if (!found.equals(expected.keySet())) {
            differences.add("model " + expected.keySet() + "\n    real  " + found);
            return differences;
        }
        Map<Long, Long> made = new HashMap<>();
        for (Map.Entry<String, VirtualObject> each : expected.entrySet()) {
            Path path = VirtualVolume.toPath(each.getKey());
            FileFacts facts = real.facts(each.getKey());
            long id = each.getValue().id();
            // What was deleted leaves its number to the next that is made.
            long same = identities.containsValue(id)
                    ? object(facts.fileIndex())
                    : made.computeIfAbsent(facts.fileIndex(), index -> id);
            if (same != id || facts.isDirectory() != each.getValue().isDirectory()) {
                differences.add(each.getKey() + " is another object: model #" + id + ", real #" + same);
            } else if (!facts.isDirectory()
                    && !Files.readString(path).equals(each.getValue().content())) {
                differences.add(each.getKey() + "\n    model " + each.getValue().content() + "\n    real  "
                        + Files.readString(path));
            }
        }
        return differences;
    }

    /** The descriptor of a file as it is now, or why there is none. */
    String described(String path) {
        try {
            return real.descriptor(path).toString();
        } catch (WindowsFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Moves the files out of the way of the next tree. */
    void putAway(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String top : TOPS) {
            Files.move(VirtualVolume.toPath(top), directory.resolve(top.substring(1)));
        }
    }

    private static SecurityDescriptor possible(SecurityDescriptor descriptor, EndToEndCounts counts) {
        if (!Objects.equals(descriptor.owner(), Scenario.USER)) {
            counts.add("replaced: another owner by the user");
        }
        LabelAce label = MandatoryLabel.aceOf(descriptor);
        if (label == null || IntegrityLevel.MEDIUM.dominates(label.level())) {
            return descriptor;
        }
        counts.add("replaced: a label above Medium by Medium");
        return descriptor.withSacl(Acl.of(new LabelAce(label.flags(), label.mask(), IntegrityLevel.MEDIUM)));
    }
}
