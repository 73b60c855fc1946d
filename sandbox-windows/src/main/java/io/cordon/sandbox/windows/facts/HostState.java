package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.windows.plan.Elevation;

/**
 * What machine and process this is.
 *
 * @param elevation how privileged the host is
 * @param build the build number of Windows
 * @param inJob whether the host is in a job already
 */
public record HostState(Elevation elevation, int build, boolean inJob) {}
