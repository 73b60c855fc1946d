package io.cordon.sandbox.windows.win32;

/**
 * What kind of file a handle stands for.
 *
 * @param attributes {@code FILE_ATTRIBUTE_*}
 * @param links how many names the file has
 * @param volumeSerial the serial number of its volume
 * @param fileIndex its identity on the volume
 */
public record FileFacts(int attributes, int links, int volumeSerial, long fileIndex) {
    private static final int FILE_ATTRIBUTE_READONLY = 0x0001;
    private static final int FILE_ATTRIBUTE_DIRECTORY = 0x0010;
    private static final int FILE_ATTRIBUTE_REPARSE_POINT = 0x0400;

    /** Whether it is a directory, be it a link to one. */
    public boolean isDirectory() {
        return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    }

    /** Whether it is a symbolic link, a junction, a mount point or the like: opening by name may lead elsewhere. */
    public boolean isReparsePoint() {
        return (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    }

    /** Whether it refuses to be deleted until the attribute is gone. */
    public boolean isReadOnly() {
        return (attributes & FILE_ATTRIBUTE_READONLY) != 0;
    }
}
