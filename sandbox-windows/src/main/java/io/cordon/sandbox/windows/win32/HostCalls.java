package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/** What machine this is. */
public interface HostCalls {
    /** The build number, such as 26100. Unlike {@code os.version} it does not depend on the program's manifest. */
    int buildNumber() throws WindowsFailure;

    /** The version of Wine, if this is Wine and not Windows: it alone exports {@code wine_get_version}. */
    Optional<String> wineVersion();

    /** Whether the JVM has a console, hidden or not. */
    boolean hasConsole();

    /** Gives the JVM a console without a window; fails if it has one. */
    void allocateHiddenConsole() throws WindowsFailure;

    /**
     * The local drives, such as {@code D:\}, that can be written and keep no security descriptors, like FAT and exFAT:
     * there, no label and no access list holds anybody back.
     */
    ImmutableList<String> drivesWithoutAcls() throws WindowsFailure;

    /**
     * Whether files of this volume keep security descriptors.
     *
     * @param volume the root of a drive, such as {@code C:\}
     */
    boolean hasPersistentAcls(String volume) throws WindowsFailure;

    /** The number of the ANSI code page, such as 1252, in which programs with windows write. */
    int ansiCodePage();

    /** The number of the OEM code page, such as 437, in which consoles and the programs in them write. */
    int oemCodePage();
}
