package io.cordon.sandbox.windows.broker;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Joiner;
import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Range;
import com.google.common.util.concurrent.internal.InternalFutureFailureAccess;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32Util;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.SandboxAccount;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is started with.
 *
 * @param account who it runs as
 * @param java the program that runs it, of a Java that the account can read
 * @param classPath the jars of this library and of what it needs, all of which the account can read
 * @param directory its working directory and its directory for temporary files, in which the account can make files. It
 *     must not be writable for what the broker starts: JNA loads a library from it
 * @param systemRoot the directory of Windows
 * @param patience how long it may take until it answers, and afterwards for each process to start
 */
public record BrokerStart(
        SandboxAccount account, Path java, String classPath, Path directory, Path systemRoot, Duration patience) {
    /** As long as a JVM takes on a machine that is very busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Checks that it can be waited for. */
    public BrokerStart {
        checkArgument(
                Range.closed(Duration.ofMillis(1), Duration.ofMinutes(10)).contains(patience),
                "the patience is %s",
                patience);
    }

    /**
     * The Java and the jars of this JVM.
     *
     * @throws SandboxException if it is not known where they are
     */
    public static BrokerStart ofThisJvm(SandboxAccount account, Path directory, Path systemRoot)
            throws SandboxException {
        ImmutableSet.Builder<String> places = ImmutableSet.builder();
        for (Class<?> type : new Class<?>[] {
            BrokerMain.class,
            SandboxException.class,
            Native.class,
            Kernel32Util.class,
            Preconditions.class,
            InternalFutureFailureAccess.class
        }) {
            places.add(place(type));
        }
        return new BrokerStart(
                account,
                Path.of(System.getProperty("java.home"), "bin", "java.exe"),
                Joiner.on(';').join(places.build()),
                directory,
                systemRoot,
                PATIENCE);
    }

    private static String place(Class<?> type) throws SandboxException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            if (source != null && source.getLocation() != null) {
                return Path.of(source.getLocation().toURI()).toString();
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw unknown(type, e);
        }
        throw unknown(type, null);
    }

    private static SandboxException unknown(Class<?> type, @Nullable Exception cause) {
        return new SandboxException(
                SandboxErrorCode.BACKEND_UNAVAILABLE,
                "it is not known which file " + type.getName() + " was loaded from, and the broker needs it",
                cause);
    }

    /**
     * The command line: nothing in it is of the policy or of a command. It may have 1,024 characters, so that the class
     * path is in the environment.
     */
    String commandLine(String pipe, int host) {
        return "\"" + java + "\" -Xshare:auto -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx64m -Djna.nounpack=true "
                + "\"-Djna.boot.library.path=" + directory + "\" " + BrokerMain.class.getName() + " " + pipe + " "
                + Integer.toUnsignedString(host);
    }

    /**
     * Puts the library of JNA into the directory. The broker does not unpack it itself: it would need random numbers for
     * that, for which Java asks after the adapters of the network, of which Wine tells such an account nothing.
     */
    void unpackJna() throws SandboxException {
        Path library = directory.resolve(System.mapLibraryName("jnidispatch"));
        String resource = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + library.getFileName();
        try (InputStream in = Native.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new SandboxException(
                        SandboxErrorCode.BACKEND_UNAVAILABLE, "JNA has no " + resource + " for the broker to load");
            }
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "the library of JNA cannot be written to " + library, e);
        }
    }

    /** The variables: none of the host's own, which may be secrets. */
    ImmutableMap<String, String> environment() {
        String root = systemRoot.toString();
        return ImmutableMap.of(
                "CLASSPATH",
                classPath,
                "SystemRoot",
                root,
                "SystemDrive",
                root.length() >= 2 ? root.substring(0, 2) : "C:",
                "Path",
                systemRoot.resolve("System32").toString(),
                "TEMP",
                directory.toString(),
                "TMP",
                directory.toString());
    }
}
