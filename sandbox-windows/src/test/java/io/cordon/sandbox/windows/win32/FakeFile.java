package io.cordon.sandbox.windows.win32;

import java.util.Arrays;

/** A file or directory: content, attributes, and a label that reads back and holds nobody back. */
final class FakeFile {
    static final int DIRECTORY = 0x10;

    private final FakeWindows windows;
    private final String path;
    private int attributes;
    private byte[] content = new byte[0];
    private byte[] label = new byte[0];
    private byte[] dacl = new byte[0];
    private boolean deleted;

    FakeFile(FakeWindows windows, String path) {
        this.windows = windows;
        this.path = path;
    }

    FakeFile asDirectory() {
        attributes = DIRECTORY;
        return this;
    }

    String path() {
        return path;
    }

    FileFacts facts() {
        return new FileFacts(attributes, 1, 1, path.hashCode());
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

    byte[] label() {
        return label.clone();
    }

    void setLabel(byte[] acl) {
        label = acl.clone();
    }

    byte[] dacl() {
        return dacl.clone();
    }

    void setDacl(byte[] acl) {
        dacl = acl.clone();
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
