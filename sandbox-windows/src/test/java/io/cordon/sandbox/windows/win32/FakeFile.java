package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.Arrays;

/** A file or directory: content, attributes, and a security descriptor that reads back and holds nobody back. */
final class FakeFile {
    static final int DIRECTORY = 0x10;

    private final FakeWindows windows;
    private final long index;
    private String path;
    private int attributes;
    private byte[] content = new byte[0];
    private SecurityDescriptor descriptor;
    private boolean deleted;

    /**
     * A new file or directory.
     *
     * @param index its identity, which no other file ever has
     * @param attributes 0 or {@link #DIRECTORY}
     */
    FakeFile(FakeWindows windows, long index, String path, int attributes, SecurityDescriptor descriptor) {
        this.windows = windows;
        this.index = index;
        this.path = path;
        this.attributes = attributes;
        this.descriptor = descriptor;
    }

    /** One that is in no directory and that nobody looks at the security of. */
    FakeFile(FakeWindows windows, String path) {
        this(windows, 0, path, 0, SecurityDescriptor.EMPTY);
    }

    long index() {
        return index;
    }

    String path() {
        return path;
    }

    void setPath(String newPath) {
        path = newPath;
    }

    boolean isDirectory() {
        return (attributes & DIRECTORY) != 0;
    }

    FileFacts facts() {
        return new FileFacts(attributes, 1, FakeFileCalls.VOLUME.serial(), index);
    }

    void setAttributes(int newAttributes) {
        attributes = newAttributes;
    }

    byte[] content() {
        return content.clone();
    }

    void setContent(byte[] bytes) {
        content = bytes.clone();
    }

    /** All about its security. */
    SecurityDescriptor descriptor() {
        return descriptor;
    }

    void setDescriptor(SecurityDescriptor newDescriptor) {
        descriptor = newDescriptor;
    }

    boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    /** The file as somebody opened it. */
    Open open(int access, boolean atEnd) {
        return new Open(access, atEnd ? content.length : 0);
    }

    /** What handles stand for. */
    final class Open extends FakeStream {
        private final int access;
        private int position;

        private Open(int access, int position) {
            this.access = access;
            this.position = position;
        }

        FakeFile file() {
            return FakeFile.this;
        }

        boolean may(int rights) {
            return (access & rights) == rights;
        }

        @Override
        int read(byte[] bytes, int offset, int length) {
            synchronized (windows) {
                int count = Math.min(length, content.length - position);
                if (count <= 0) {
                    return -1;
                }
                System.arraycopy(content, position, bytes, offset, count);
                position += count;
                return count;
            }
        }

        @Override
        void write(byte[] bytes, int offset, int length) {
            synchronized (windows) {
                content = Arrays.copyOf(content, Math.max(content.length, position + length));
                System.arraycopy(bytes, offset, content, position, length);
                position += length;
            }
        }

        @Override
        String kind() {
            return "the file " + path;
        }
    }
}
