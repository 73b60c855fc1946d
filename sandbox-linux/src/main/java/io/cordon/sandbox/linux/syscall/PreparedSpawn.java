package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import java.util.List;

/**
 * The native memory of one posix_spawn(3), filled before the launcher thread sees it, so that this thread has nothing
 * to allocate.
 */
public final class PreparedSpawn implements AutoCloseable {
    /** spawn.h of glibc. */
    private static final short SETSIGDEF = 0x04;

    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;

    /** Larger than posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128) of glibc on LP64. */
    private static final int OPAQUE_SIZE = 512;

    final Memory pid = NativeText.cleared(Integer.BYTES);
    final Memory path;
    final Memory arguments;
    final Memory environment;
    final Memory attributes = NativeText.cleared(OPAQUE_SIZE);
    final Memory fileActions = NativeText.cleared(OPAQUE_SIZE);
    private final Memory signals = NativeText.cleared(OPAQUE_SIZE);
    private final Memory strings;
    private long used;

    PreparedSpawn(SpawnRequest request) throws NativeStepException {
        List<byte[]> argumentBytes =
                request.arguments().stream().map(NativeText::encoded).toList();
        List<byte[]> environmentBytes = request.environment().entrySet().stream()
                .map(variable -> NativeText.encoded(variable.getKey() + "=" + variable.getValue()))
                .toList();
        path = NativeText.terminated(request.program().toString());
        strings = new Memory(1 + size(argumentBytes) + size(environmentBytes));
        arguments = pointers(argumentBytes);
        environment = pointers(environmentBytes);
        try {
            describeAttributes();
            describeFileActions(request);
        } catch (NativeStepException e) {
            close();
            throw e;
        }
    }

    private void describeAttributes() throws NativeStepException {
        check("posix_spawnattr_init", LibC.posix_spawnattr_init(attributes));
        check("posix_spawnattr_setflags", LibC.posix_spawnattr_setflags(attributes, (short)
                (SETSIGDEF | SETSIGMASK | SETSID)));
        LibC.sigfillset(signals);
        check("posix_spawnattr_setsigdefault", LibC.posix_spawnattr_setsigdefault(attributes, signals));
        LibC.sigemptyset(signals);
        check("posix_spawnattr_setsigmask", LibC.posix_spawnattr_setsigmask(attributes, signals));
    }

    private void describeFileActions(SpawnRequest request) throws NativeStepException {
        check("posix_spawn_file_actions_init", LibC.posix_spawn_file_actions_init(fileActions));
        try (Memory directory = NativeText.terminated(request.directory().toString())) {
            check(
                    "posix_spawn_file_actions_addchdir_np",
                    LibC.posix_spawn_file_actions_addchdir_np(fileActions, directory));
        }
        int[] standard = {request.stdin(), request.stdout(), request.stderr()};
        for (int i = 0; i < standard.length; i++) {
            check(
                    "posix_spawn_file_actions_adddup2",
                    LibC.posix_spawn_file_actions_adddup2(fileActions, standard[i], i));
        }
        int closed = standard.length;
        if (request.fourth().isPresent()) {
            // After the others, one of which may have had this number until now.
            check(
                    "posix_spawn_file_actions_adddup2",
                    LibC.posix_spawn_file_actions_adddup2(
                            fileActions, request.fourth().getAsInt(), closed++));
        }
        check(
                "posix_spawn_file_actions_addclosefrom_np",
                LibC.posix_spawn_file_actions_addclosefrom_np(fileActions, closed));
    }

    /** Unlike most functions, those of spawn.h return the error instead of setting {@code errno}. */
    private static void check(String function, int error) throws NativeStepException {
        if (error != 0) {
            throw new NativeStepException(SandboxErrorCode.LAUNCH_FAILED, function, error, LibC.strerror(error));
        }
    }

    private static long size(List<byte[]> strings) {
        return strings.stream().mapToLong(bytes -> bytes.length + 1L).sum();
    }

    /** An array of pointers to terminated strings, ended by a null pointer. */
    private Memory pointers(List<byte[]> values) {
        Memory array = NativeText.cleared((values.size() + 1L) * Long.BYTES);
        for (int i = 0; i < values.size(); i++) {
            byte[] bytes = values.get(i);
            strings.write(used, bytes, 0, bytes.length);
            strings.setByte(used + bytes.length, (byte) 0);
            array.setPointer((long) i * Long.BYTES, strings.share(used));
            used += bytes.length + 1L;
        }
        return array;
    }

    /** Frees the memory. */
    @Override
    public void close() {
        LibC.posix_spawnattr_destroy(attributes);
        LibC.posix_spawn_file_actions_destroy(fileActions);
        for (Memory memory : List.of(pid, path, arguments, environment, attributes, fileActions, signals, strings)) {
            memory.close();
        }
    }
}
