package io.cordon.sandbox.spi;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.CodePage;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** A host that is prepared for one policy. Safe for use by several threads. */
public interface PreparedSandbox extends AutoCloseable {
    /** What was seen to be enforced. */
    EnforcementReport enforcement();

    /** What preparing took, for the events of the sandbox. */
    default Preparation preparation() {
        return Preparation.NONE;
    }

    /**
     * Starts a process, confined before its first instruction.
     *
     * @throws SandboxException if a step fails; then no process and no descriptor is left
     */
    LaunchedProcess launch(LaunchRequest request) throws SandboxException;

    /**
     * The charset of a code page of this machine; where there are no code pages, the native charset.
     *
     * @throws SandboxException with {@link SandboxErrorCode#CHARSET_UNAVAILABLE} if this JVM has no charset for it
     */
    default Charset charset(CodePage codePage) throws SandboxException {
        return nativeCharset();
    }

    /**
     * Places that the policy protects, that did not exist when the sandbox was opened, and that exist now. Looked for
     * when this is called, also after {@link #close}.
     */
    default ImmutableList<Path> violations() {
        return ImmutableList.of();
    }

    /** The charset in which the system's programs write, as this JVM found it out when it started. */
    static Charset nativeCharset() {
        return Charset.forName(
                System.getProperty("native.encoding", Charset.defaultCharset().name()));
    }

    /**
     * Ends every process tree that was launched, and undoes what preparing did. Closing again does nothing.
     *
     * @throws SandboxException if something could not be undone; the message says what
     */
    @Override
    void close() throws SandboxException;
}
