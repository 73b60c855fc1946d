package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.AccessMask;

/** What a handle to a file of a {@link VirtualVolume} stands for. */
final class OpenFile {
    private static final int FILE_SHARE_READ = 0x1;
    private static final int FILE_SHARE_WRITE = 0x2;
    private static final int FILE_SHARE_DELETE = 0x4;

    /** The rights that a share mode is about (MS-FSA 2.1.4.10: the others never conflict, and are not counted). */
    private static final AccessMask READS = AccessMask.FILE_READ_DATA.or(AccessMask.FILE_EXECUTE);

    private static final AccessMask WRITES = AccessMask.FILE_WRITE_DATA.or(AccessMask.FILE_APPEND_DATA);

    private final VirtualObject object;
    private final String path;
    private final AccessMask granted;
    private final int share;
    private boolean deleted;

    /**
     * An open file.
     *
     * @param path the final path by which it was opened
     * @param granted what was asked for and given
     * @param share {@code FILE_SHARE_*}
     */
    OpenFile(VirtualObject object, String path, AccessMask granted, int share) {
        this.object = object;
        this.path = path;
        this.granted = granted;
        this.share = share;
    }

    VirtualObject object() {
        return object;
    }

    String path() {
        return path;
    }

    boolean may(AccessMask rights) {
        return granted.contains(rights);
    }

    void deleteOnClose() {
        deleted = true;
    }

    boolean isDeletedOnClose() {
        return deleted;
    }

    /** Whether it keeps the file from being opened by another handle like {@code other}, or the other way round. */
    boolean conflictsWith(OpenFile other) {
        return object.id() == other.object.id()
                && counts()
                && other.counts()
                && (!admits(other) || !other.admits(this));
    }

    /** Whether nobody can delete or rename the file while this is open. */
    boolean isFence() {
        return counts() && (share & FILE_SHARE_DELETE) == 0;
    }

    private boolean counts() {
        return granted.intersects(READS.or(WRITES).or(AccessMask.DELETE));
    }

    private boolean admits(OpenFile other) {
        return shares(FILE_SHARE_READ, READS, other)
                && shares(FILE_SHARE_WRITE, WRITES, other)
                && shares(FILE_SHARE_DELETE, AccessMask.DELETE, other);
    }

    private boolean shares(int flag, AccessMask rights, OpenFile other) {
        return (share & flag) != 0 || !other.granted.intersects(rights);
    }

    @Override
    public String toString() {
        return "a handle to " + path + " with " + granted;
    }
}
