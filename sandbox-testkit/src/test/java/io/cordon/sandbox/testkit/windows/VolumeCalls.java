package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The native calls of a process of the host's user, answered by a {@link VirtualHost}: the backend's own code runs on
 * the model, on any system. What it shows is shown on the model, not on Windows.
 *
 * <p>Paths are those of the system that the test runs on, behind {@code \\?\}. Not safe for use by several threads.
 */
final class VolumeCalls {
    static final int ERROR_ALREADY_EXISTS = 183;
    static final int ERROR_DIR_NOT_EMPTY = 145;
    static final int ERROR_INVALID_PARAMETER = 87;
    static final int ERROR_PRIVILEGE_NOT_HELD = 1314;

    /**
     * A change of the volume that a call made.
     *
     * @param call the number of the call
     * @param name of the call
     * @param object the identity of the object
     * @param descriptor what the object has now; that of a deleted one is what it had
     */
    record Mutation(int call, String name, long object, SecurityDescriptor descriptor) {}

    private final VirtualHost host;
    private final VolumeHandles handles = new VolumeHandles();
    private final List<Mutation> mutations = new ArrayList<>();
    private final VolumeFileCalls files;
    private final VolumeTokenCalls tokens;
    private CallHook hook = CallHook.NONE;
    private Consumer<Mutation> listener = mutation -> {};
    private int calls;

    VolumeCalls(VirtualHost host) {
        this.host = host;
        this.files = new VolumeFileCalls(this);
        this.tokens = new VolumeTokenCalls(this);
    }

    FileCalls files() {
        return files;
    }

    TokenCalls tokens() {
        return tokens;
    }

    /** Has every later call asked for; the numbers go on from {@link #count}. */
    void hook(CallHook newHook) {
        hook = newHook;
    }

    /** Is told of each change of the volume before the call that made it returns. */
    void listener(Consumer<Mutation> newListener) {
        listener = newListener;
    }

    /** How many calls were made. */
    int count() {
        return calls;
    }

    /** What the calls changed, in order. */
    ImmutableList<Mutation> mutations() {
        return ImmutableList.copyOf(mutations);
    }

    /** A line for each handle that is open. */
    ImmutableList<String> openHandles() {
        return handles.describe();
    }

    /** Closes every handle, as the system does for a process that has ended. */
    void endProcess() {
        handles.closeAll();
    }

    VirtualHost host() {
        return host;
    }

    VirtualVolume volume() {
        return host.volume();
    }

    VolumeHandles handles() {
        return handles;
    }

    /** The beginning of every call. */
    void enter(String name) throws WindowsFailure {
        calls++;
        hook.before(calls, name);
    }

    /** The only way in which a call changes the volume; the answer of {@code change} is the object, if it changed one. */
    void mutate(String name, Supplier<@Nullable VirtualObject> change) {
        VirtualObject object = change.get();
        if (object == null) {
            return;
        }
        Mutation mutation = new Mutation(calls, name, object.id(), object.descriptor());
        mutations.add(mutation);
        listener.accept(mutation);
    }

    static WindowsFailure failure(String function, int code) {
        return new WindowsFailure(function, code, "by the model");
    }
}
