package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.UUID;

/**
 * A filter of the Windows Filtering Platform.
 *
 * @param key its GUID
 * @param provider whose it is
 * @param subLayer among which it is weighed
 * @param name for people
 * @param layer the GUID of a {@link FilterLayer}
 * @param blocks whether it blocks what it matches; else it permits that
 * @param flags FWPM_FILTER_FLAG_*
 * @param weight 0 to 15
 * @param conditions all must hold
 */
public record NetworkFilter(
        UUID key,
        UUID provider,
        UUID subLayer,
        String name,
        UUID layer,
        boolean blocks,
        int flags,
        int weight,
        ImmutableList<FilterCondition> conditions) {
    /** Survives a restart. */
    public static final int FWPM_FILTER_FLAG_PERSISTENT = 0x01;

    /** No filter of a lighter sublayer overrides it. */
    public static final int FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT = 0x08;
}
