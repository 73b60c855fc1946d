package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;
import java.nio.file.Path;

/** A path in native memory, for the thread that must not allocate any. */
public final class NativePath implements AutoCloseable {
    final Memory memory;

    /** Copies the path. */
    public NativePath(Path path) {
        memory = NativeText.terminated(path.toString());
    }

    /** The path as the kernel has it, not terminated. */
    public static byte[] bytes(Path path) {
        return NativeText.encoded(path.toString());
    }

    @Override
    public void close() {
        memory.close();
    }
}
