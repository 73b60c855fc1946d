package io.cordon.sandbox;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.PreparedSandbox;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Starts confined processes. It has the methods of {@link ProcessBuilder}, with the same names and meaning, so that a
 * tool changes one line.
 *
 * <p>It differs where it has to: {@link #environment()} begins with what the policy lets through, the program is looked
 * up on the child's {@code PATH}, and {@link #start()} throws {@link SandboxException}, which is an
 * {@link java.io.IOException}. Files that streams are redirected to are opened by the host, not by the child, so that
 * they need not lie in a writable root. Not safe for use by several threads.
 */
public final class SandboxedProcessBuilder {
    /** On Windows, the names of variables differ in more than case. */
    private static final boolean IGNORE_CASE = File.separatorChar == '\\';

    private final Launcher launcher;
    private final SandboxPolicy policy;
    private final Map<String, String> environment;
    private List<String> command = new ArrayList<>();
    private @Nullable File directory;
    private Redirect stdin = Redirect.PIPE;
    private Redirect stdout = Redirect.PIPE;
    private Redirect stderr = Redirect.PIPE;
    private boolean mergeStderr;
    private Optional<Shell> shell = Optional.empty();
    private boolean terminal;
    private int columns;
    private int rows;
    private Launcher.TextCharset charset = sandbox -> PreparedSandbox.nativeCharset();

    SandboxedProcessBuilder(Launcher launcher, SandboxPolicy policy) {
        this.launcher = launcher;
        this.policy = policy;
        this.environment = IGNORE_CASE ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        this.environment.putAll(policy.environment().apply(System.getenv(), IGNORE_CASE));
        this.directory =
                policy.allowWrite().stream().findFirst().map(Path::toFile).orElse(null);
    }

    /**
     * The confined counterpart of a {@link ProcessBuilder}, for a sandbox: command, directory and redirects are taken
     * over; of its environment, what was put or changed is taken over, and what it merely inherited passes through the
     * policy.
     */
    public static SandboxedProcessBuilder from(ProcessBuilder other, Sandbox sandbox) {
        return sandbox.process().takeOver(other);
    }

    /** The same with a sandbox of its own, which is closed when the process has exited. */
    public static SandboxedProcessBuilder from(ProcessBuilder other, SandboxPolicy policy) {
        return SandboxedProcess.builder(policy).takeOver(other);
    }

    private SandboxedProcessBuilder takeOver(ProcessBuilder other) {
        command = new ArrayList<>(other.command());
        directory = other.directory();
        stdin = other.redirectInput();
        stdout = other.redirectOutput();
        stderr = other.redirectError();
        mergeStderr = other.redirectErrorStream();
        Map<String, String> host = System.getenv();
        other.environment().forEach((name, value) -> {
            if (!value.equals(host.get(name))) {
                environment.put(name, value);
            }
        });
        environment.keySet().retainAll(other.environment().keySet());
        environment.putAll(policy.environment().variables());
        return this;
    }

    /** Sets the program and its arguments. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder command(String... programAndArguments) {
        return command(new ArrayList<>(Arrays.asList(programAndArguments)));
    }

    /** Sets the program and its arguments; the list is not copied, as with {@link ProcessBuilder}. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder command(List<String> programAndArguments) {
        command = programAndArguments;
        shell = Optional.empty();
        return this;
    }

    /**
     * Sets a shell and the script that it runs, instead of a program and its arguments; {@code command(...)} replaces both
     * again. See {@link Shell} for what each shell makes of a script.
     */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder shell(Shell shell, String script) {
        this.shell = Optional.of(shell);
        this.command = List.of(script);
        return this;
    }

    /** The program and its arguments; with a {@link #shell()} its script alone, in a list that cannot be changed. */
    public List<String> command() {
        return command;
    }

    /** The shell that runs the script, if there is one. */
    public Optional<Shell> shell() {
        return shell;
    }

    /** The child's environment, which may be changed: at first what the policy lets through and sets. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The working directory: at first the policy's first writable root; {@code null} is the JVM's own. */
    public @Nullable File directory() {
        return directory;
    }

    /** Sets the working directory; {@code null} is the JVM's own. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder directory(@Nullable File directory) {
        this.directory = directory;
        return this;
    }

    /** Sets the working directory. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder directory(Path directory) {
        return directory(directory.toFile());
    }

    /** Whether errors go where the output goes. */
    public boolean redirectErrorStream() {
        return mergeStderr;
    }

    /** Sets whether errors go where the output goes. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectErrorStream(boolean merge) {
        mergeStderr = merge;
        return this;
    }

    /** Where the child reads from. */
    public Redirect redirectInput() {
        return stdin;
    }

    /** Where the child's output goes. */
    public Redirect redirectOutput() {
        return stdout;
    }

    /** Where the child's errors go. */
    public Redirect redirectError() {
        return stderr;
    }

    /** Sets where the child reads from. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectInput(Redirect source) {
        if (source.type() == Redirect.Type.WRITE || source.type() == Redirect.Type.APPEND) {
            throw new IllegalArgumentException("redirectInput(" + source + "): this redirect is for writing");
        }
        stdin = source;
        return this;
    }

    /** Lets the child read from a file. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectInput(File file) {
        return redirectInput(Redirect.from(file));
    }

    /** Sets where the child's output goes. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectOutput(Redirect destination) {
        stdout = forWriting("redirectOutput", destination);
        return this;
    }

    /** Writes the child's output to a file. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectOutput(File file) {
        return redirectOutput(Redirect.to(file));
    }

    /** Sets where the child's errors go. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectError(Redirect destination) {
        stderr = forWriting("redirectError", destination);
        return this;
    }

    /** Writes the child's errors to a file. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder redirectError(File file) {
        return redirectError(Redirect.to(file));
    }

    private static Redirect forWriting(String method, Redirect destination) {
        if (destination.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException(method + "(" + destination + "): this redirect is for reading");
        }
        return destination;
    }

    /** Gives the child the JVM's own three streams. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder inheritIO() {
        stdin = Redirect.INHERIT;
        stdout = Redirect.INHERIT;
        stderr = Redirect.INHERIT;
        return this;
    }

    /**
     * Gives the process a terminal of this size instead of three pipes: programs then print as to a person, with colours
     * and line editing. The output carries all that the terminal prints, escape sequences included; the errors are an
     * empty stream; what is written to the input is typed. The streams cannot be redirected besides.
     *
     * <p>The size and the redirects are checked, and a backend that makes no terminals says so, when the process is
     * started: {@link SandboxErrorCode#TERMINAL_INVALID}, {@link SandboxErrorCode#TERMINAL_UNAVAILABLE}.
     *
     * @param columns the width in characters, from 1 to 32,767
     * @param rows the height in characters, from 1 to 32,767
     * @see SandboxedProcess#resizeTerminal(int, int)
     */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder terminal(int columns, int rows) {
        this.terminal = true;
        this.columns = columns;
        this.rows = rows;
        return this;
    }

    /** Sets the charset in which {@link #run()} decodes the output; at first the system's. */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder charset(Charset charset) {
        this.charset = sandbox -> charset;
        return this;
    }

    /**
     * Sets the code page in which {@link #run()} decodes the output. A code page for which this JVM has no charset is
     * refused when the process is started, with {@link SandboxErrorCode#CHARSET_UNAVAILABLE}.
     */
    @CanIgnoreReturnValue
    public SandboxedProcessBuilder charset(CodePage codePage) {
        this.charset = sandbox -> sandbox.charset(codePage);
        return this;
    }

    /**
     * Starts the process, confined before its first instruction.
     *
     * @throws SandboxException if the command, environment, directory or terminal is invalid, the program cannot be
     *     started, or a step of confining it fails; then nothing is left behind
     */
    public SandboxedProcess start() throws SandboxException {
        return process(launcher.launch(request(), charset));
    }

    /**
     * Starts the process with an empty input, captures its output, and waits until it and its tree have ended. A
     * non-zero exit code is a result, not an exception.
     *
     * @throws SandboxException as {@link #start()}
     * @throws InterruptedException if the calling thread is interrupted; the tree is ended
     */
    public SandboxResult run() throws SandboxException, InterruptedException {
        return startRun().await();
    }

    /**
     * Does what {@link #run()} does without waiting. Cancelling the future ends the tree.
     *
     * @throws SandboxException as {@link #start()}
     */
    public CompletableFuture<SandboxResult> runAsync() throws SandboxException {
        return startRun().result();
    }

    private CapturedRun startRun() throws SandboxException {
        long startNanos = System.nanoTime();
        LaunchRequest request = request();
        Launcher.Started started = launcher.launch(request, charset);
        return CapturedRun.of(
                process(started), request.command(), policy.limits().output(), started.charset(), startNanos);
    }

    private SandboxedProcess process(Launcher.Started started) {
        return new SandboxedProcess(started.process(), policy.limits().timeout(), started.watch());
    }

    private LaunchRequest request() throws SandboxException {
        Optional<TerminalSize> size = Optional.empty();
        if (terminal) {
            size = Optional.of(TerminalSize.of(columns, rows));
            RequestRules.checkTerminalStreams(stdin, stdout, stderr);
        }
        return new LaunchRequest(
                RequestRules.checkedCommand(command, shell),
                shell,
                RequestRules.checkedDirectory(directory),
                RequestRules.checkedEnvironment(environment),
                stdin,
                stdout,
                stderr,
                mergeStderr,
                size);
    }
}
