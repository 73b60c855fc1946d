package io.cordon.sandbox.windows.edit;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of the journal that is damaged, or that this version did not write. It must not be applied, not even in part.
 */
public final class JournalFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long position;
    private final String reason;

    JournalFormatException(Path file, long position, String reason) {
        this(file, position, reason, null);
    }

    JournalFormatException(Path file, long position, String reason, @Nullable Throwable cause) {
        super(file + " at byte " + position + ": " + reason, cause);
        this.position = position;
        this.reason = reason;
    }

    /** The offset in the file of what is wrong. */
    public long position() {
        return position;
    }

    /** What is wrong. */
    public String reason() {
        return reason;
    }

    /** What is wrong and where, without the name of the file. */
    String finding() {
        return "at byte " + position + ": " + reason;
    }
}
