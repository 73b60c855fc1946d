package io.cordon.sandbox.windows.edit;

import java.io.IOException;
import java.util.Arrays;

/** A file in memory of which one write or force fails, as on a full disk: half of the bytes are there then. */
final class MemoryFile implements ForcedFile {
    private final int failing;
    private final boolean canTruncate;
    private byte[] bytes = new byte[0];
    private int calls;

    /** One that never fails. */
    MemoryFile() {
        this(0, true);
    }

    /** @param failing the number of the write or force that fails, from 1 on */
    MemoryFile(int failing, boolean canTruncate) {
        this.failing = failing;
        this.canTruncate = canTruncate;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    int calls() {
        return calls;
    }

    private boolean fails() {
        calls++;
        return calls == failing;
    }

    @Override
    public void write(byte[] added) throws IOException {
        boolean fails = fails();
        int count = fails ? added.length / 2 : added.length;
        int end = bytes.length;
        bytes = Arrays.copyOf(bytes, end + count);
        System.arraycopy(added, 0, bytes, end, count);
        if (fails) {
            throw new IOException("no space left");
        }
    }

    @Override
    public void force() throws IOException {
        if (fails()) {
            throw new IOException("the device does not answer");
        }
    }

    @Override
    public void truncate(long length) throws IOException {
        if (!canTruncate) {
            throw new IOException("the device does not answer");
        }
        bytes = Arrays.copyOf(bytes, (int) length);
    }

    @Override
    public void close() {}
}
