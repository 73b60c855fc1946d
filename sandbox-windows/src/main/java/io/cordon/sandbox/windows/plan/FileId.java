package io.cordon.sandbox.windows.plan;

import java.util.Locale;

/**
 * What identifies a file object, whatever its names (FILE_ID_INFO).
 *
 * @param volume the serial number of the volume
 * @param index the identity on the volume
 */
public record FileId(long volume, long index) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%08x:%x", volume, index);
    }
}
