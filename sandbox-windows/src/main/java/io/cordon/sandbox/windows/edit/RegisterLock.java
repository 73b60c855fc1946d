package io.cordon.sandbox.windows.edit;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a directory, among the processes of the machine and the threads of this one.
 *
 * <p>It is asked for again and again instead of waited for, because an interrupt closes the channel on which a thread
 * waits, and not one that is asked. An interrupt does not end the wait; the thread has its flag again when it goes on.
 */
final class RegisterLock implements AutoCloseable {
    /** A lock of the system is held by the process as a whole (java.nio.channels.FileLock). */
    private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    /** Behind the text of the file: what LockFileEx locks, others cannot read. */
    private static final long LOCKED_BYTE = 1L << 40;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private final ReentrantLock threads;
    private final RandomAccessFile file;
    private final FileLock lock;

    private RegisterLock(ReentrantLock threads, RandomAccessFile file, FileLock lock) {
        this.threads = threads;
        this.file = file;
        this.lock = lock;
    }

    /**
     * Waits for the lock.
     *
     * @param directory must exist
     * @param patience how long to wait
     * @throws SandboxException if another one does not give it back in time
     * @throws IllegalStateException if this thread has it
     */
    static RegisterLock acquire(Path directory, Duration patience) throws SandboxException, IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Path path = directory.resolve("lock");
        ReentrantLock threads = THREADS.computeIfAbsent(directory.toRealPath(), real -> new ReentrantLock());
        if (threads.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "this thread is in a transaction on " + directory + " already; end it first");
        }
        if (!Uninterruptibles.tryLockUninterruptibly(threads, patience)) {
            throw held(path, patience, "another thread of this process");
        }
        @Nullable RegisterLock acquired = null;
        try {
            acquired = acquire(path, threads, deadline, patience);
            return acquired;
        } finally {
            if (acquired == null) {
                threads.unlock();
            }
        }
    }

    private static RegisterLock acquire(Path path, ReentrantLock threads, long deadline, Duration patience)
            throws SandboxException, IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            Duration pause = Duration.ofMillis(1);
            @Nullable FileLock lock = tryLock(file);
            while (lock == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw held(path, patience, "the process " + text(file));
                }
                Uninterruptibles.sleepUninterruptibly(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
                lock = tryLock(file);
            }
            sign(file);
            return new RegisterLock(threads, file, lock);
        } catch (IOException | RuntimeException e) {
            try (file) {
                throw e;
            }
        }
    }

    private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // this library was loaded twice into this process
        }
    }

    /** Tells others who holds the lock. It is for a message only, and a full disk must not keep anybody from undoing. */
    private static void sign(RandomAccessFile file) {
        try {
            file.setLength(0);
            file.write(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ignored) {
            // The message of a waiting process then names another process, or none.
        }
    }

    /** The holder's process id as it wrote it. */
    private static String text(RandomAccessFile file) throws IOException {
        byte[] text = new byte[20];
        file.seek(0);
        int length = file.read(text);
        return length <= 0 ? "(not known yet)" : new String(text, 0, length, StandardCharsets.US_ASCII);
    }

    private static SandboxException held(Path path, Duration patience, String by) {
        return new SandboxException(
                SandboxErrorCode.PREPARE_FAILED,
                "the journal is held by " + by + ": " + path + " could not be locked within " + patience.toMillis()
                        + " ms; wait until that has opened or closed its sandbox, or end it");
    }

    @Override
    public void close() throws IOException {
        try (file) {
            lock.release();
        } finally {
            threads.unlock();
        }
    }
}
