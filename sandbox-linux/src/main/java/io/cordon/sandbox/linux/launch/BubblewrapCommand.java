package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.linux.plan.LinuxPlan;
import io.cordon.sandbox.linux.plan.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The command line by which bubblewrap(1) starts a program in the namespaces of a plan. */
final class BubblewrapCommand {
    /**
     * The user namespace and the loss of all capabilities are said always: without them, root's bubblewrap would leave
     * root the right to mount everything anew. The last ends the PID namespace with bubblewrap, and this with the thread
     * that started it.
     */
    static final ImmutableList<String> NAMESPACES = ImmutableList.of(
            "--unshare-user",
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--cap-drop",
            "ALL",
            "--die-with-parent");

    /**
     * Devices that change nothing, and the processes of the namespace. Read-only, because root owns the settings of the
     * kernel in /proc/sys and needs no capability to write them, such as the program that core dumps are piped to;
     * bubblewrap covers that directory only if it seems writable, which without capabilities it does not.
     */
    private static final ImmutableList<String> OWN_SYSTEM =
            ImmutableList.of("--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc");

    private static final Path ROOT = Path.of("/");

    /** The descriptor that the filter is read from. */
    private static final String FILTER = "3";

    private final LinuxPlan plan;
    private final PrivateDirectory directory;

    BubblewrapCommand(LinuxPlan plan, PrivateDirectory directory) {
        this.plan = plan;
        this.directory = directory;
    }

    /** Bubblewrap itself. */
    Path program() {
        return plan.facts().bubblewrap().program().orElseThrow();
    }

    /** The arguments for a program, which gets descriptor 3 only for the filter. */
    ImmutableList<String> arguments(Path workingDirectory, Path program, ImmutableList<String> arguments) {
        ImmutableList.Builder<String> command =
                ImmutableList.<String>builder().add("bwrap").addAll(NAMESPACES);
        if (plan.separatesNetwork()) {
            command.add("--unshare-net");
        }
        boolean whole = plan.mounts().get(0).path().equals(ROOT);
        if (!whole) {
            command.addAll(OWN_SYSTEM);
        }
        base().forEach(mount -> addTo(command, mount));
        if (whole) {
            command.addAll(OWN_SYSTEM);
        }
        String temp = directory.temp().toString();
        command.add("--bind", temp, temp);
        plan.mounts().stream().filter(mount -> !mount.kind().isBase()).forEach(mount -> addTo(command, mount));
        if (!whole) {
            command.add("--remount-ro", "/"); // made of nothing but the places above, and writable until here
        }
        if (!plan.filter().isEmpty()) {
            command.add("--seccomp", FILTER);
        }
        return command.add("--chdir", workingDirectory.toString(), "--", program.toString())
                .addAll(arguments.subList(1, arguments.size()))
                .build();
    }

    private Stream<Mount> base() {
        return plan.mounts().stream().filter(mount -> mount.kind().isBase());
    }

    private void addTo(ImmutableList.Builder<String> command, Mount mount) {
        String path = mount.path().toString();
        switch (mount.kind()) {
            case READ_ONLY, PROTECTED -> command.add("--ro-bind", path, path);
            case READ_ONLY_IF_THERE -> command.add("--ro-bind-try", path, path);
            case WRITABLE, PINNED -> command.add("--bind", path, path);
            case UNREADABLE -> command.add("--ro-bind", sealed(mount.path()).toString(), path);
        }
    }

    private Path sealed(Path path) {
        return Files.isDirectory(path) ? directory.sealedDirectory() : directory.sealedFile();
    }
}
