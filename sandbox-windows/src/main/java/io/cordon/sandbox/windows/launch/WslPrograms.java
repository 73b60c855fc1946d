package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The programs of the Windows Subsystem for Linux. Their commands run in a virtual machine that a service starts, outside
 * of the token and the job of the child that asked, so that nothing would confine them. Refusing them guards against a
 * caller's mistake; it does not keep a confined child from starting one.
 *
 * @see <a href="https://learn.microsoft.com/windows/wsl/about">What is the Windows Subsystem for Linux?</a>
 */
final class WslPrograms {
    /** In every place: System32, Program Files and the package of the Store have them. */
    private static final ImmutableSet<String> EVERYWHERE =
            ImmutableSet.of("wsl", "wslconfig", "wslg", "wslhost", "wslrelay", "wslservice");

    /** How the names of the distributions begin of which the Store has launchers. */
    private static final ImmutableSet<String> DISTRIBUTIONS = ImmutableSet.of(
            "almalinux",
            "alpine",
            "arch",
            "debian",
            "fedora",
            "kali",
            "opensuse",
            "oraclelinux",
            "pengwin",
            "rocky",
            "sles",
            "suse",
            "ubuntu");

    private final Path systemRoot;

    WslPrograms(Path systemRoot) {
        this.systemRoot = systemRoot;
    }

    /** Whether the file is one of them by its name and place; it need not exist. */
    boolean contains(Path file) {
        String name = nameWithoutExtension(file);
        boolean alias = Streams.stream(file).anyMatch(part -> part.toString().equalsIgnoreCase("WindowsApps"));
        return EVERYWHERE.contains(name)
                || (name.equals("bash") && (alias || isInWindows(file)))
                || (alias && DISTRIBUTIONS.stream().anyMatch(name::startsWith));
    }

    private static String nameWithoutExtension(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** Windows itself has one bash only, in System32; what else is in there (Sysnative) is the same. */
    private boolean isInWindows(Path file) {
        if (file.startsWith(systemRoot)) {
            return true;
        }
        try {
            // By way of a share or a volume's other name, where the path says nothing.
            return Files.isSameFile(file, systemRoot.resolve("System32").resolve("bash.exe"));
        } catch (IOException e) {
            return false; // one of the two does not exist
        }
    }

    /**
     * Refuses one of them.
     *
     * @param program the program as the caller wrote it
     * @throws SandboxException if the file is one
     */
    void refuse(String program, Path file) throws SandboxException {
        if (contains(file)) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_EXECUTABLE,
                    "the program '" + program + "' is " + file
                            + ", which runs commands in the Windows Subsystem for Linux: in a virtual machine, where "
                            + "nothing confines them; use Shell.BASH, which runs the bash of Git for Windows, or a program "
                            + "of Windows");
        }
    }
}
