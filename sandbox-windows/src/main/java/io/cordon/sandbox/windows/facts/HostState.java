package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.windows.plan.AccountFacts;
import io.cordon.sandbox.windows.plan.Elevation;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/**
 * What machine and process this is.
 *
 * @param elevation how privileged the host is
 * @param build the build number of Windows
 * @param inJob whether the host is in a job already
 * @param appContainer the package SID for the policy, if the system has AppContainers
 * @param account the account that was provisioned for sandboxes, if there is one
 */
public record HostState(
        Elevation elevation, int build, boolean inJob, Optional<Sid> appContainer, Optional<AccountFacts> account) {
    /** The state of a system without AppContainers. */
    public HostState(Elevation elevation, int build, boolean inJob) {
        this(elevation, build, inJob, Optional.empty(), Optional.empty());
    }
}
