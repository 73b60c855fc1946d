package io.cordon.sandbox.windows.plan;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The child's job object. It always ends with its last handle (KILL_ON_JOB_CLOSE) and lets nothing break away.
 *
 * @param processes most processes at a time
 * @param memory most committed bytes
 * @param cpuPercent most processor time, in percent of one processor
 * @param uiLimits whether handles, clipboard and desktops of others are closed to it
 * @param slowNetwork whether what it sends is slowed to a crawl, where nothing else closes the network that is to be closed
 */
public record JobShape(
        OptionalInt processes, OptionalLong memory, OptionalInt cpuPercent, boolean uiLimits, boolean slowNetwork) {}
