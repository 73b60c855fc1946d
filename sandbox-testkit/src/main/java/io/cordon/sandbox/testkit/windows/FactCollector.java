package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.AccountFacts;
import io.cordon.sandbox.windows.plan.Confinement;
import io.cordon.sandbox.windows.plan.ContainerGrants;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks at a virtual host the way the Windows backend looks at a real one, but everywhere. */
final class FactCollector {
    private static final long SERIAL = 1;

    /** Whatever changes an object or what is in it. */
    private static final AccessMask CHANGES =
            GenericMapping.FILE.writeRestricted().or(AccessMask.FILE_DELETE_CHILD);

    private final VirtualHost host;
    private final VirtualVolume volume;
    private final SandboxPolicy policy;
    private final boolean skipLinks;
    private final boolean contained;
    private final VirtualToken child;
    private final VirtualToken shared;
    private final Map<String, ObjectFacts> objects = new LinkedHashMap<>();
    private final Map<String, VirtualObject> paths = new TreeMap<>();
    private final Map<Long, List<String>> names = new LinkedHashMap<>();
    private final Set<String> roots = new LinkedHashSet<>();
    private final Set<String> carveOuts = new LinkedHashSet<>();
    private final Set<String> denied = new LinkedHashSet<>();
    private final Set<String> readable = new LinkedHashSet<>();
    private final Set<Path> resolved = new HashSet<>();

    FactCollector(VirtualHost host, SandboxPolicy policy, PlanOptions options) {
        this.host = host;
        this.volume = host.volume();
        this.policy = policy;
        this.skipLinks = options.hardLinks() == PlanOptions.HardLinks.SKIP;
        boolean closed = policy.network().equals(NetworkAccess.NONE);
        Sid packageSid = host.packageSid();
        this.contained = packageSid != null && closed && !policy.allowRead().isEmpty();
        boolean asAccount = host.account() != null && closed && !contained;
        this.child = contained && packageSid != null
                ? host.contained(new ContainerShape(packageSid, options.lessPrivileged()))
                : host.childAt(options.level(), asAccount ? Confinement.ACCOUNT : Confinement.LOW_INTEGRITY);
        this.shared = host.user().restrictedTo(ImmutableSet.of(WellKnownSids.EVERYONE, host.logon()), true);
    }

    HostFacts collect() {
        volume.walk((path, object) -> {
            paths.put(path, object);
            names.computeIfAbsent(object.id(), id -> new ArrayList<>()).add(path);
        });
        HostFacts.Builder facts = HostFacts.builder()
                .user(host.user().user(), host.logon())
                .aclVolume(SERIAL)
                .temp(VirtualVolume.toPath(host.temp()))
                .forbidden(VirtualVolume.toPath(parent(host.temp())))
                .forbiddenItself(VirtualVolume.toPath("/"));
        if (host.account() != null) {
            facts.account(new AccountFacts(host.account().user(), true));
        }
        resolve(facts, policy.allowWrite(), roots);
        resolve(facts, policy.denyWrite(), carveOuts);
        resolve(facts, policy.denyRead(), denied);
        if (host.packageSid() != null) {
            facts.appContainer(host.packageSid());
        }
        if (contained) {
            resolve(facts, policy.allowRead(), readable);
        }
        for (String carveOut : carveOuts) {
            for (String up = parent(carveOut); isIn(up, roots); up = parent(up)) {
                note(up);
            }
            if (!paths.containsKey(carveOut) && mayMakeDirectoryIn(paths.get(parent(carveOut)))) {
                facts.makeable(VirtualVolume.toPath(carveOut));
            }
        }
        note(host.temp());
        objects.values().forEach(facts::object);
        for (String top : tops()) {
            facts.tree(VirtualVolume.toPath(top), tree(top));
        }
        exposed().forEach(facts::exposed);
        ImmutableSet.<String>builder().addAll(roots).add(host.temp()).build().forEach(directory -> {
            VirtualObject object = paths.get(directory);
            facts.capability(
                    VirtualVolume.toPath(directory),
                    Sid.of(
                            5,
                            21,
                            7001,
                            7002,
                            directory.equals(host.temp()) || object == null ? 0 : object.id(),
                            directory.hashCode() & 0x7FFFFFFFL));
        });
        return facts.build();
    }

    private void resolve(HostFacts.Builder facts, Set<Path> asked, Set<String> target) {
        for (Path path : asked) {
            String text = VirtualVolume.fromPath(path);
            String real = volume.finalPath(text);
            String place = volume.finalPath(parent(text)) + "/" + path.getFileName();
            VirtualObject named = volume.find(text);
            if (named != null && named.reparseTarget() != null && !place.equals(real)) {
                if (resolved.add(path)) {
                    facts.link(path, VirtualVolume.toPath(place));
                    facts.realPath(path, VirtualVolume.toPath(real));
                }
                note(place);
                if (target == carveOuts) {
                    target.add(place);
                }
            }
            if (resolved.add(path)) {
                facts.realPath(path, VirtualVolume.toPath(real));
            }
            if (target != carveOuts || isIn(parent(real), roots)) {
                target.add(real);
            }
            note(real);
        }
    }

    /** Whether the user may make a directory there and label it. */
    private boolean mayMakeDirectoryIn(@Nullable VirtualObject directory) {
        if (directory == null
                || !directory.isDirectory()
                || directory.reparseTarget() != null
                || !allows(host.user(), directory, AccessMask.FILE_APPEND_DATA)) {
            return false;
        }
        SecurityDescriptor made = NewObject.descriptor(
                directory.descriptor(),
                null,
                true,
                host.user(),
                volume.switches().newLabels());
        return volume.monitor().allows(host.user(), made, AccessMask.WRITE_OWNER)
                || volume.monitor().allows(host.user(), made, AccessMask.WRITE_DAC);
    }

    private Set<String> tops() {
        Set<String> tops = new LinkedHashSet<>(roots);
        tops.addAll(carveOuts);
        tops.addAll(denied);
        tops.addAll(readable);
        tops.add(host.temp());
        return tops;
    }

    private void note(String path) {
        VirtualObject object = paths.get(path);
        if (object != null) {
            objects.put(path, facts(path, object));
        }
    }

    private ObjectFacts facts(String path, VirtualObject object) {
        boolean dacl = allows(host.user(), object, AccessMask.WRITE_DAC);
        return new ObjectFacts(
                VirtualVolume.toPath(path),
                new FileId(SERIAL, object.id()),
                object.isDirectory(),
                object.reparseTarget() != null,
                object.descriptor(),
                dacl || allows(host.user(), object, AccessMask.WRITE_OWNER),
                dacl,
                object.isDirectory() && childrenNeedDeleteChild(object));
    }

    private boolean childrenNeedDeleteChild(VirtualObject directory) {
        if (!allows(host.user(), directory, AccessMask.FILE_DELETE_CHILD)) {
            return false;
        }
        boolean present = directory.entries.values().stream()
                .anyMatch(entry -> !allows(host.user(), volume.object(entry.id()), AccessMask.DELETE));
        return present || newChildLacksDelete(directory, true) || newChildLacksDelete(directory, false);
    }

    private boolean newChildLacksDelete(VirtualObject parent, boolean directory) {
        SecurityDescriptor made = NewObject.descriptor(
                parent.descriptor(),
                null,
                directory,
                host.user(),
                volume.switches().newLabels());
        return !volume.monitor().allows(host.user(), made, AccessMask.DELETE);
    }

    private TreeFacts tree(String top) {
        VirtualObject object = paths.get(top);
        if (object == null) {
            return TreeFacts.PLAIN;
        }
        boolean root = roots.contains(top) || top.equals(host.temp());
        ImmutableList.Builder<ObjectFacts> links = ImmutableList.builder();
        ImmutableList.Builder<Path> unprotectable = ImmutableList.builder();
        boolean[] found = new boolean[3];
        boolean read = !root && !isIn(top, carveOuts) && !denied(top);
        volume.walkFrom(top, (path, each) -> {
            if (root && isWritable(path)) {
                if (!each.isDirectory() && !names(each).stream().allMatch(this::isWritable)) {
                    links.add(facts(path, each));
                    if (skipLinks) {
                        return;
                    }
                }
                found[0] |= changeable(shared, each);
                found[1] |= each.isDirectory()
                        && Inheritance.passesOnNothing(each.descriptor().dacl());
                found[2] |= each.isDirectory() && childrenNeedDeleteChild(each);
            } else if (contained && !root) {
                contained(path, each, read, links, unprotectable, found);
            } else if (!contained
                    && !path.equals(top)
                    && !labelWritable(each)
                    && (denied(path) ? readable(each) : changeable(child, each))) {
                unprotectable.add(VirtualVolume.toPath(path));
            }
        });
        return new TreeFacts(
                Optional.ofNullable(host.stamps().get(object.id())),
                links.build(),
                unprotectable.build(),
                found[0],
                found[1],
                found[2]);
    }

    /** In a place that an AppContainer reads, or that is protected from it. */
    private void contained(
            String path,
            VirtualObject object,
            boolean read,
            ImmutableList.Builder<ObjectFacts> hidden,
            ImmutableList.Builder<Path> unprotectable,
            boolean[] found) {
        boolean isProtected = isIn(path, carveOuts) || denied(path);
        if (read == isProtected) {
            return; // beyond a boundary
        }
        found[1] |= object.isDirectory()
                && Inheritance.passesOnNothing(object.descriptor().dacl());
        if (!denied(path) && !object.isDirectory() && names(object).stream().anyMatch(this::denied)) {
            hidden.add(facts(path, object));
        }
        if (!read
                && ContainerGrants.grantsAnyOf(
                        object.descriptor(), denied(path) ? ContainerGrants.USES : ContainerGrants.CHANGES)) {
            unprotectable.add(VirtualVolume.toPath(path));
        }
    }

    private List<ObjectFacts> exposed() {
        List<ObjectFacts> exposed = new ArrayList<>();
        // What another sandbox made writable is meant to be; whether this one can write it, the plan says.
        Set<String> others = new LinkedHashSet<>();
        paths.forEach((path, object) -> {
            if (host.stamps().containsKey(object.id())
                    && !MandatoryLabel.of(object.descriptor()).level().dominates(IntegrityLevel.MEDIUM)) {
                others.add(path);
            }
        });
        names.forEach((id, all) -> {
            VirtualObject object = volume.object(id);
            boolean planned = all.stream()
                    .anyMatch(path -> isIn(path, roots)
                            || path.equals(host.temp())
                            || path.startsWith(host.temp() + "/")
                            || isIn(path, others)
                            || (denied(path) && !contained && labelWritable(object)));
            boolean open = contained
                    ? ContainerGrants.grantsAnyOf(object.descriptor(), ContainerGrants.CHANGES)
                    : changeable(child, object);
            if (!planned && open) {
                exposed.add(facts(all.get(0), object));
            }
        });
        return exposed;
    }

    private List<String> names(VirtualObject object) {
        return names.getOrDefault(object.id(), List.of());
    }

    private boolean isWritable(String path) {
        boolean within = isIn(path, roots) || path.startsWith(host.temp());
        return within && !isIn(path, carveOuts) && !denied(path);
    }

    private boolean denied(String path) {
        return isIn(path, denied);
    }

    private boolean labelWritable(VirtualObject object) {
        return allows(host.user(), object, AccessMask.WRITE_OWNER) || allows(host.user(), object, AccessMask.WRITE_DAC);
    }

    private boolean readable(VirtualObject object) {
        return allows(child, object, AccessMask.FILE_READ_DATA) || allows(child, object, AccessMask.FILE_EXECUTE);
    }

    private boolean changeable(VirtualToken token, VirtualObject object) {
        return volume.monitor()
                .check(token, object.descriptor(), AccessMask.MAXIMUM_ALLOWED)
                .granted()
                .intersects(token == shared ? GenericMapping.FILE.writeRestricted() : CHANGES);
    }

    private boolean allows(VirtualToken token, VirtualObject object, AccessMask mask) {
        return volume.monitor().allows(token, object.descriptor(), mask);
    }

    private static boolean isIn(@Nullable String path, Set<String> places) {
        for (String up = path; up != null && !up.isEmpty(); up = parent(up)) {
            if (places.contains(up)) {
                return true;
            }
        }
        return false;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
