package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * P1 to P4, P7 and P9 as functions that list what is wrong; the properties, the known-bad planners and the exhaustive
 * run share them.
 */
final class PlanChecks {
    private static final AccessMask[] WORK = {
        AccessMask.FILE_READ_DATA,
        AccessMask.FILE_WRITE_DATA,
        AccessMask.FILE_APPEND_DATA,
        AccessMask.FILE_WRITE_EA,
        AccessMask.FILE_WRITE_ATTRIBUTES,
        AccessMask.FILE_EXECUTE,
        AccessMask.DELETE
    };

    private static final AccessMask[] ALL = {
        AccessMask.FILE_READ_DATA,
        AccessMask.FILE_WRITE_DATA,
        AccessMask.FILE_APPEND_DATA,
        AccessMask.FILE_READ_EA,
        AccessMask.FILE_WRITE_EA,
        AccessMask.FILE_EXECUTE,
        AccessMask.FILE_READ_ATTRIBUTES,
        AccessMask.FILE_WRITE_ATTRIBUTES,
        AccessMask.DELETE,
        AccessMask.READ_CONTROL,
        AccessMask.WRITE_DAC,
        AccessMask.WRITE_OWNER
    };

    private PlanChecks() {}

    /** P1: no content, name or descriptor outside of the roots has changed since the sandbox was opened. */
    static List<String> outsideUnchanged(Opened sandbox) {
        return unchanged(sandbox, path -> sandbox.isInRoot(path) && !sandbox.isWritableItself(path), "outside");
    }

    /** P3: the carve-outs and all in them are where and what they were. */
    static List<String> carveOutsUnchanged(Opened sandbox) {
        return unchanged(sandbox, path -> !sandbox.isCarvedOut(path), "carved out");
    }

    /**
     * Names, contents and descriptors of everything that is not {@code free}; of a writable directory itself the name
     * only.
     */
    static List<String> unchanged(Opened sandbox, Predicate<String> free, String what) {
        List<String> wrong = new ArrayList<>();
        Map<String, Long> before = sandbox.openedPaths();
        Map<String, Long> after = sandbox.volume.paths();
        before.forEach((path, id) -> {
            if (free.test(path)) {
                return;
            }
            if (!id.equals(after.get(path))) {
                wrong.add(what + ": " + path + " #" + id + " is now " + after.get(path));
                return;
            }
            VirtualObject was = sandbox.opened.object(id);
            VirtualObject is = sandbox.volume.object(id);
            if (sandbox.isWritableItself(path)) {
                return;
            }
            if (!was.fingerprint().equals(is.fingerprint())) {
                wrong.add(what + ": the content of " + path + " changed from " + was.fingerprint() + " to "
                        + is.fingerprint());
            }
            if (!was.descriptor().equals(is.descriptor())) {
                wrong.add(what + ": the descriptor of " + path + " changed from " + was.descriptor() + " to "
                        + is.descriptor());
            }
        });
        after.forEach((path, id) -> {
            if (!free.test(path) && !before.containsKey(path)) {
                wrong.add(what + ": " + path + " #" + id + " is new");
            }
        });
        return wrong;
    }

    /** P7: everything in these directories is as it was. */
    static List<String> difference(VirtualVolume before, VirtualVolume after, List<String> directories) {
        List<String> wrong = new ArrayList<>();
        for (String directory : directories) {
            String was = describe(before, directory);
            String is = describe(after, directory);
            if (!was.equals(is)) {
                wrong.add("other root: was\n" + was + "and is\n" + is);
            }
        }
        return wrong;
    }

    private static String describe(VirtualVolume volume, String directory) {
        StringBuilder text = new StringBuilder();
        if (volume.find(directory) != null) {
            volume.walkFrom(
                    directory,
                    (path, object) -> text.append(path)
                            .append(" #")
                            .append(object.id())
                            .append(' ')
                            .append(object.fingerprint())
                            .append(' ')
                            .append(object.descriptor())
                            .append('\n'));
        }
        return text.toString();
    }

    /** P2: what the user could do to an object of a root, the child can. */
    static List<String> insideWritable(Opened sandbox) {
        List<String> wrong = new ArrayList<>();
        VolumeSession user = sandbox.before.as(Scenario.TOKEN);
        VolumeSession child = sandbox.volume.as(sandbox.child);
        sandbox.before.walk((path, object) -> {
            if (!sandbox.isInRoot(path) || sandbox.isBoundary(path) || !isReached(sandbox, path)) {
                return;
            }
            boolean contained = sandbox.plan.token().container().isPresent();
            for (AccessMask right : WORK) {
                if (contained
                        && right.equals(AccessMask.DELETE)
                        && !sandbox.before.monitor().allows(Scenario.TOKEN, object.descriptor(), right)) {
                    continue; // the user deletes it through the directory, which an AppContainer is not granted
                }
                boolean held = right.equals(AccessMask.DELETE) && sandbox.anchors.contains(path);
                if (!held && user.has(path, right) && !child.has(path, right)) {
                    wrong.add("inside: the child lacks " + right + " on " + path);
                }
            }
            boolean warned = contained
                    && sandbox.plan.warnings().stream().anyMatch(text -> text.contains("only through the directory"));
            if (object.isDirectory() && object.reparseTarget() == null && !warned) {
                wrong.addAll(lostWork(sandbox.before, sandbox.volume, sandbox.child, path, "inside: the child"));
            }
        });
        return wrong;
    }

    private static boolean isReached(Opened sandbox, String path) {
        Map<String, Long> names = sandbox.before.paths();
        Set<Long> unreached = new HashSet<>();
        sandbox.applied.unreached().forEach(name -> unreached.add(names.get(name)));
        for (String up = path; !up.isEmpty(); up = Opened.parent(up)) {
            // By identity, because the name by which an object was not reached need not be its only one.
            if (unreached.contains(names.get(up))) {
                return false;
            }
        }
        return true;
    }

    /** The steps in a directory that the user could make before, and somebody cannot make now. */
    private static List<String> lostWork(
            VirtualVolume before, VirtualVolume now, VirtualToken token, String directory, String what) {
        List<String> wrong = new ArrayList<>();
        if (before.object(directory).descriptor().equals(now.object(directory).descriptor())
                && token.equals(Scenario.TOKEN)) {
            return wrong; // what is in a directory depends on nothing but its descriptor
        }
        VolumeSession user = before.copy().as(Scenario.TOKEN);
        VolumeSession later = now.copy().as(token);
        for (VolumeOperation step : work(directory)) {
            boolean could = step.run(user).isDone();
            VolumeOutcome outcome = step.run(later);
            if (could && !outcome.isDone()) {
                wrong.add(what + " cannot " + step + " any more: " + outcome);
                break;
            }
        }
        return wrong;
    }

    private static List<VolumeOperation> work(String directory) {
        String file = directory + "/work1";
        String renamed = directory + "/work2";
        String made = directory + "/work3";
        return List.of(
                new VolumeOperation.CreateFile(file, null),
                new VolumeOperation.Write(file, "x"),
                new VolumeOperation.Read(file),
                new VolumeOperation.Rename(file, renamed, false),
                new VolumeOperation.Delete(renamed),
                new VolumeOperation.CreateDirectory(made, null),
                new VolumeOperation.CreateFile(made + "/deep", null),
                new VolumeOperation.Write(made + "/deep", "x"),
                new VolumeOperation.Delete(made + "/deep"),
                new VolumeOperation.Delete(made));
    }

    /** P4: what is denied cannot be read, and what could be read otherwise still can. */
    static List<String> readableAsPlanned(Opened sandbox) {
        List<String> wrong = deniedUnreadable(sandbox);
        wrong.addAll(restReadable(sandbox));
        return wrong;
    }

    /** P10: an AppContainer reads what it is granted, and what was open to all AppContainers, and nothing else. */
    static List<String> readsLimited(Opened sandbox) {
        List<String> wrong = new ArrayList<>();
        if (sandbox.plan.token().container().isEmpty()) {
            return wrong;
        }
        VolumeSession user = sandbox.before.as(Scenario.TOKEN);
        sandbox.opened.walk((path, object) -> {
            boolean granted = sandbox.openedPaths().entrySet().stream()
                    .anyMatch(name -> name.getValue() == object.id()
                            && (sandbox.isInRoot(name.getKey()) || sandbox.isReadable(name.getKey())));
            VirtualObject original = sandbox.before.byId(object.id());
            if (!granted
                    && original != null
                    && readable(sandbox, object.descriptor())
                    && !readable(sandbox, original.descriptor())) {
                wrong.add("limited: the child can read " + path + " " + object.descriptor());
            }
            if (sandbox.isReadable(path)
                    && !sandbox.isBoundary(path)
                    && isReached(sandbox, path)
                    && user.has(path, AccessMask.FILE_READ_DATA)
                    && !readable(sandbox, object.descriptor())) {
                wrong.add("allowed: the child cannot read " + path + " " + object.descriptor());
            }
        });
        return wrong;
    }

    /** The half of P4 that an attack could break: what is denied cannot be read. */
    static List<String> deniedUnreadable(Opened sandbox) {
        List<String> wrong = new ArrayList<>();
        sandbox.opened.walk((path, object) -> {
            VirtualObject now = sandbox.isDenied(path) ? sandbox.volume.byId(object.id()) : null;
            if (now != null && readable(sandbox, now.descriptor())) {
                wrong.add("denied: the child can read " + path + " " + now.descriptor());
            }
        });
        return wrong;
    }

    private static List<String> restReadable(Opened sandbox) {
        List<String> wrong = new ArrayList<>();
        sandbox.opened.walk((path, object) -> {
            if (sandbox.isDenied(path)) {
                return;
            }
            VirtualObject original = sandbox.before.byId(object.id());
            boolean alsoDenied = sandbox.openedPaths().entrySet().stream()
                    .anyMatch(entry -> entry.getValue() == object.id() && sandbox.isDenied(entry.getKey()));
            if (original != null
                    && !alsoDenied
                    && readable(sandbox, original.descriptor())
                    && !readable(sandbox, object.descriptor())) {
                wrong.add("readable: the child can no longer read " + path + " " + object.descriptor());
            }
        });
        return wrong;
    }

    static boolean readable(Opened sandbox, SecurityDescriptor descriptor) {
        return sandbox.volume.monitor().allows(sandbox.child, descriptor, AccessMask.FILE_READ_DATA)
                || sandbox.volume.monitor().allows(sandbox.child, descriptor, AccessMask.FILE_EXECUTE);
    }

    /** P9: the user can do what he could, but for deleting and renaming what is held in place. */
    static List<String> userKeepsAccess(Opened sandbox, VirtualVolume now) {
        List<String> wrong = new ArrayList<>();
        VolumeSession earlier = sandbox.before.as(Scenario.TOKEN);
        VolumeSession later = now.as(Scenario.TOKEN);
        sandbox.before.walk((path, object) -> {
            boolean held = sandbox.anchors.contains(path) || sandbox.carveOuts.contains(path);
            for (AccessMask right : ALL) {
                boolean excepted = held && right.equals(AccessMask.DELETE);
                if (!excepted && earlier.has(path, right) && !later.has(path, right)) {
                    wrong.add("the user lost " + right + " on " + path + " "
                            + now.object(path).descriptor());
                }
            }
            if (object.isDirectory() && object.reparseTarget() == null) {
                wrong.addAll(lostWork(sandbox.before, now, Scenario.TOKEN, path, "the user"));
            }
        });
        return wrong;
    }
}
