package io.cordon.sandbox.linux.mediate;

/** What a call changes of a file. Addresses are in the caller's memory. */
sealed interface MetadataChange {
    /** chmod(2). */
    record Mode(int mode) implements MetadataChange {}

    /** chown(2). */
    record Owner(int user, int group) implements MetadataChange {}

    /**
     * utimensat(2) and its older forms.
     *
     * @param address of the two times; 0 means now
     * @param format how they are written
     */
    record Times(long address, Format format) implements MetadataChange {}

    /** setxattr(2). */
    record SetAttribute(long name, long value, long size, int flags) implements MetadataChange {}

    /** removexattr(2). */
    record RemoveAttribute(long name) implements MetadataChange {}

    /** The structures of times; all their fields are 64 bits wide on 64-bit architectures. */
    enum Format {
        /** {@code struct utimbuf}: two times in seconds. */
        SECONDS(2),
        /** Two {@code struct timeval}: seconds and microseconds. */
        MICROS(4),
        /** Two {@code struct timespec}: seconds and nanoseconds, with two special values. */
        NANOS(4);

        final int fields;

        Format(int fields) {
            this.fields = fields;
        }
    }
}
